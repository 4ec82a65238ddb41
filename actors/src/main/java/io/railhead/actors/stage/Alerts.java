package io.railhead.actors.stage;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.stage.LeaseEntry.Phase;
import io.railhead.actors.stage.StageState.LearnerPhase;
import io.railhead.actors.stage.StageState.Worker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pcollections.TreePMap;

/// What is waited for, since when, and which of it has been waited for too long. Immutable; looked at with every
/// tick.
///
/// A condition is raised once, and cleared when it is no more. Whether a worker's samples are with the reward actors is
/// inferred: what it asks for and what it still owes come to more than they did when it had nothing to do.
///
/// @param seen conditions of the last look, and since when they are; of workers that send no sample only those that are
/// due
/// @param raised of these, the ones that were told
/// @param capacities of workers, in samples: the least that room and debt came to
/// @param arrivals by worker, when a sample of its leases arrived last
/// @param count raised in this life
public record Alerts(
        TreePMap<String, Condition> seen,
        TreePMap<String, Condition> raised,
        TreePMap<String, Integer> capacities,
        TreePMap<String, Instant> arrivals,
        long count) {
    public static final Alerts NONE =
            new Alerts(TreePMap.empty(), TreePMap.empty(), TreePMap.empty(), TreePMap.empty(), 0);

    /// @param leases that it is about, for those who grant them again
    public record Condition(Watchdog watchdog, String owner, String detail, Instant since, List<LeaseId> leases) {
        public Condition {
            leases = List.copyOf(leases);
        }

        /// One alert an owner and kind, however its detail changes.
        String key() {
            return watchdog.label() + " " + owner;
        }

        private Condition since(Instant other) {
            return new Condition(watchdog, owner, detail, other, leases);
        }
    }

    /// What a look found: alerts to tell, and those that are over.
    public record Look(Alerts next, List<Condition> raised, List<Condition> cleared) {
        public Look {
            raised = List.copyOf(raised);
            cleared = List.copyOf(cleared);
        }
    }

    /// A sample of a lease that the worker has arrived, or is known not to come.
    Alerts arrived(String workerId, Instant now) {
        return new Alerts(seen, raised, capacities, arrivals.plus(workerId, now), count);
    }

    /// Conditions as the status shows them.
    List<RunStatus.Alert> shown() {
        return raised.values().stream()
                .map(c -> new RunStatus.Alert(
                        c.watchdog().label(), c.owner(), c.detail(), c.since().toString()))
                .toList();
    }

    Look look(StageState state, Instant now) {
        Map<String, List<LeaseEntry>> leases = byWorker(state);
        WatchdogSettings rules = state.settings().watchdogs();
        TreePMap<String, Integer> capacity = of(state.workers().all().keySet(), capacities);
        Map<String, Condition> found = new LinkedHashMap<>();
        add(step(state), found);
        for (Map.Entry<String, Worker> entry : state.workers().all().entrySet()) {
            String id = entry.getKey();
            List<LeaseEntry> has = leases.getOrDefault(id, List.of());
            int owed = 0;
            for (LeaseEntry lease : has) {
                owed += owed(lease);
            }
            int sum = entry.getValue().freeSamples() + owed;
            Integer before = capacities.get(id);
            int least = owed == 0 || before == null ? sum : Math.min(sum, before);
            if (before == null || before != least) { // as it seldom is not
                capacity = capacity.plus(id, least);
            }
            if (!has.isEmpty()) {
                ofSamples(id, has, sum - least, rules, now).ifPresent(condition -> add(condition, found));
            }
            weights(state, id, entry.getValue(), now).ifPresent(condition -> add(condition, found));
        }
        return judged(found.values(), capacity, of(state.workers().all().keySet(), arrivals), rules, now);
    }

    /// What is known of workers that are still there.
    private static <T> TreePMap<String, T> of(Set<String> workers, TreePMap<String, T> known) {
        TreePMap<String, T> kept = known;
        for (String id : known.keySet()) {
            kept = workers.contains(id) ? kept : kept.minus(id);
        }
        return kept;
    }

    private Look judged(
            Collection<Condition> found,
            TreePMap<String, Integer> capacity,
            TreePMap<String, Instant> arrived,
            WatchdogSettings settings,
            Instant now) {
        TreePMap<String, Condition> present = TreePMap.empty();
        TreePMap<String, Condition> told = TreePMap.empty();
        List<Condition> toTell = new ArrayList<>();
        for (Condition condition : found) {
            present = present.plus(condition.key(), condition);
            if (settings.rule(condition.watchdog()).isDue(condition.since(), now)) {
                told = told.plus(condition.key(), condition);
                if (!raised.containsKey(condition.key())) {
                    toTell.add(condition);
                }
            }
        }
        List<Condition> over = new ArrayList<>();
        for (Condition condition : raised.values()) {
            if (!told.containsKey(condition.key())) {
                over.add(condition);
            }
        }
        Alerts next = new Alerts(present, told, capacity, arrived, count + toTell.size());
        return new Look(next, toTell, over);
    }

    private static Map<String, List<LeaseEntry>> byWorker(StageState state) {
        Map<String, List<LeaseEntry>> leases = new HashMap<>();
        for (LeaseEntry lease : state.ledger().leases()) {
            if (lease.phase() instanceof Phase.Generating at) {
                leases.computeIfAbsent(at.workerId(), _ -> new ArrayList<>()).add(lease);
            }
        }
        return leases;
    }

    private static int owed(LeaseEntry lease) {
        return lease.phase() instanceof Phase.Generating at
                ? lease.groupSize() - lease.arrived().size() - at.refused().size()
                : 0;
    }

    /// Of two conditions of one kind and owner, the older one with the leases of both.
    private static void add(Condition condition, Map<String, Condition> found) {
        found.merge(condition.key(), condition, (before, more) -> {
            List<LeaseId> leases = new ArrayList<>(before.leases());
            leases.addAll(more.leases());
            Condition older = more.since().isBefore(before.since()) ? more : before;
            return new Condition(older.watchdog(), older.owner(), older.detail(), older.since(), leases);
        });
    }

    private static Condition step(StageState state) {
        Instant since = state.learner().since();
        return switch (state.learner()) {
            case LearnerPhase.Absent _ -> condition("learner", "is not there", since);
            case LearnerPhase.Training _ -> condition("learner", "makes a step from " + state.version(), since);
            case LearnerPhase.Committing _ -> condition("learner", "commits " + state.version(), since);
            case LearnerPhase.Idle _ ->
                state.staged()
                        .filter(_ -> state.isCommitDue())
                        .map(staged ->
                                condition("learner", "makes the commit of " + staged.version() + " durable", since))
                        .orElseGet(() -> idle(state, since));
        };
    }

    /// The learner waits for groups: whoever has the oldest one that is not whole owns the wait.
    private static Condition idle(StageState state, Instant since) {
        for (LeaseEntry lease : state.ledger().leases()) {
            if (lease.phase() instanceof Phase.Generating at) {
                return condition("worker " + at.workerId(), "has " + lease.id() + ", which a step waits for", since);
            }
            if (lease.phase() instanceof Phase.Waiting) {
                return condition("rollout workers", "none takes " + lease.id() + ", which a step waits for", since);
            }
        }
        return condition(
                "stage controller", "grants no lease to " + state.workers().size() + " workers", since);
    }

    private static Condition condition(String owner, String detail, Instant since) {
        return new Condition(Watchdog.NO_STEP, owner, detail, since, List.of());
    }

    /// The worker's oldest lease without an end, since it was granted or since a sample of the worker arrived last.
    /// Every
    /// worker with a lease waits for samples: that is worth a word only when it is due.
    private Optional<Condition> ofSamples(
            String id, List<LeaseEntry> leases, int withRewards, WatchdogSettings rules, Instant now) {
        LeaseEntry oldest = leases.getFirst();
        Instant since = oldest.phase().since();
        Instant arrived = arrivals.getOrDefault(id, since);
        Instant quiet = arrived.isAfter(since) ? arrived : since;
        if (withRewards <= 0 && !rules.rule(Watchdog.NO_TRAJECTORY).isDue(quiet, now)) {
            return Optional.empty();
        }
        List<LeaseId> ids = leases.stream().map(LeaseEntry::id).toList();
        if (withRewards <= 0) {
            return Optional.of(new Condition(
                    Watchdog.NO_TRAJECTORY,
                    "worker " + id,
                    "sends no sample of " + oldest.id() + " and " + (ids.size() - 1) + " others",
                    quiet,
                    ids));
        }
        Condition scores = new Condition(
                Watchdog.NO_SCORE,
                "reward actors",
                "%d samples of worker %s, the oldest of %s, have no score".formatted(withRewards, id, oldest.id()),
                quiet,
                ids);
        Condition before = seen.get(scores.key());
        return Optional.of(before != null && before.since().isAfter(quiet) ? scores.since(before.since()) : scores);
    }

    private Optional<Condition> weights(StageState state, String id, Worker worker, Instant now) {
        if (worker.serving().compareTo(state.version()) >= 0) {
            return Optional.empty();
        }
        Condition behind =
                new Condition(Watchdog.NO_WEIGHTS, "worker " + id, "serves " + worker.serving(), now, List.of());
        Condition before = seen.get(behind.key());
        return Optional.of(
                before != null && before.detail().equals(behind.detail()) ? behind.since(before.since()) : behind);
    }
}
