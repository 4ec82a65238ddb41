package io.railhead.actors.stage;

import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.stage.Candidates.Candidate;
import io.railhead.actors.stage.LeaseEntry.Phase;
import io.railhead.actors.stage.StageState.Worker;
import io.railhead.policy.PolicyVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Hands out leases: first those that wait to be granted again, in lease order, then new ones while they are
/// admissible and the steps that are left can use them. A working copy of one [Turn].
///
/// A lease goes to the worker with the most free samples that serves a version which the lease can use. A worker gets
/// leases while it has any free sample, so at most one more than fits; that one waits in its engine's queue.
///
/// New leases are admitted by the staleness of the [ClosedLoop], which is at most `maxStaleness`. Leases that were
/// opened under a larger one count as due at once, and do not stand in the way: fewer than `groupsPerStep` open
/// leases still admit one more.
///
/// With `maxStaleness = 0` leases go out in waves: none while any is generating, new ones only when every open
/// group is ready, and a wave goes out whole, whatever the workers' free samples. It waits for workers that are free
/// and have not taken the newest weights yet, or the first that has them would get all of it; but no longer than a
/// worker may be silent.
final class Granting {
    private final StageSettings settings;
    private final Staleness hard;
    private final Staleness admission; // the bound of today, at most max-staleness
    private final PolicyVersion version;
    private final boolean waves;
    private final Instant now;
    private final Tally tally; // of the leases that are not in the train step in hand
    private final Map<String, Integer> taken = new TreeMap<>(); // samples granted to each worker in this turn
    private final Map<String, List<LeaseTerms>> granted = new TreeMap<>();
    private final Candidates candidates; // those with room
    private final List<StageEffect> effects = new ArrayList<>();

    private Ledger ledger;
    private Curriculum curriculum;
    private Workers workers;

    Granting(
            StageSettings settings,
            int staleness,
            PolicyVersion version,
            Ledger ledger,
            Tally tally,
            Curriculum curriculum,
            Workers workers,
            Instant now) {
        this.settings = settings;
        this.hard = settings.staleness();
        this.admission = new Staleness(staleness, settings.groupsPerStep());
        this.tally = tally;
        this.version = version;
        this.waves = settings.maxStaleness() == 0;
        this.candidates = new Candidates(waves ? Integer.MIN_VALUE : 1);
        this.ledger = ledger;
        this.curriculum = curriculum;
        this.workers = workers;
        this.now = now;
    }

    Ledger ledger() {
        return ledger;
    }

    Curriculum curriculum() {
        return curriculum;
    }

    Workers workers() {
        return workers;
    }

    /// Facts in lease order, then one message a worker.
    List<StageEffect> effects() {
        return effects;
    }

    boolean hasGranted() {
        return !granted.isEmpty();
    }

    /// @param from the version of the first step that still has places
    /// @param newest since when there are the present weights
    /// @param asking if nothing has changed since the last time but what this worker can take
    void run(PolicyVersion from, Instant newest, Optional<String> asking) {
        long places = places(from);
        if ((tally.waiting() == 0 && tally.open() >= places) || (waves && tally.generating() > 0)) {
            return;
        }
        if (!waves && tally.waiting() == 0 && !admitsAny(from)) {
            return;
        }
        if (waves || asking.isEmpty()) {
            workers.withRoom().forEach(this::consider);
        } else {
            workers.find(asking.get()).ifPresent(worker -> consider(asking.get(), worker));
        }
        if (candidates.isEmpty() || (waves && isAwaited(newest))) {
            return;
        }
        if (tally.waiting() > 0) {
            ledger.leases().stream().filter(LeaseEntry::isWaiting).toList().forEach(this::grantAgain);
        }
        if (!waves || tally.ready() == tally.open()) {
            issueNew(from, places);
        }
        granted.forEach((worker, leases) -> effects.add(new StageEffect.Grant(worker, leases)));
        taken.forEach((id, samples) ->
                workers.find(id).ifPresent(worker -> workers = workers.plus(id, worker.plusFree(-samples))));
    }

    /// A worker that serves a version the learner has not reported yet waits for that report.
    private void consider(String id, Worker worker) {
        if (worker.freeSamples() > 0 && worker.serving().compareTo(version) <= 0) {
            candidates.add(id, worker);
        }
    }

    private boolean isAwaited(Instant newest) {
        return now.isBefore(newest.plus(settings.workerSilence())) && candidates.isAnyBehind(version);
    }

    private void grantAgain(LeaseEntry lease) {
        candidates
                .choose(serving -> serving.compareTo(lease.floor()) >= 0)
                .ifPresent(worker -> granted(worker, ledger.grant(lease.id(), worker.id(), now, deadline())));
    }

    /// The most leases that may be open, beside those in the train step in hand.
    private long places(PolicyVersion from) {
        long stepsLeft = Math.max(0, settings.steps() - from.number());
        return stepsLeft > admission.maxStaleness() // no overflow: more than capacity is never open
                ? admission.capacity()
                : stepsLeft * settings.groupsPerStep();
    }

    /// Whether anybody with room serves a version that a new lease could be opened for. Nearly always nobody does, and
    /// then nobody needs to be looked at.
    private boolean admitsAny(PolicyVersion from) {
        Staleness.Load load = tally.load(hard, from);
        Staleness.Load today = tally.load(admission, from);
        return workers.serving().keySet().stream().anyMatch(serving -> admits(load, today, serving));
    }

    private boolean admits(Staleness.Load load, Staleness.Load today, PolicyVersion serving) {
        return load.admits(hard.deadline(serving)) && today.hasRoomFor(admission.deadline(serving));
    }

    private void issueNew(PolicyVersion from, long places) {
        Staleness.Load load = tally.load(hard, from);
        Staleness.Load today = tally.load(admission, from);
        for (long count = tally.open(); count < places; count++) {
            Staleness.Load before = load;
            Staleness.Load beforeToday = today;
            Optional<Candidate> worker = candidates.choose(serving -> admits(before, beforeToday, serving));
            if (worker.isEmpty()) {
                return;
            }
            PolicyVersion floor = worker.get().serving();
            load = load.plus(hard.deadline(floor));
            today = today.plus(admission.deadline(floor));
            issue(worker.get());
        }
    }

    private void issue(Candidate worker) {
        curriculum.advance().ifPresent(advanced -> {
            curriculum = advanced.next();
            effects.add(new StageEffect.RecordFact(
                    new RunFact.StageAdvanced(advanced.from(), advanced.to(), version, advanced.cause())));
        });
        Curriculum.Draw draw = curriculum.draw(ledger.nextId().ordinal());
        curriculum = draw.next();
        granted(
                worker,
                ledger.issue(
                        draw.stage(),
                        draw.promptId(),
                        settings.groupSize(),
                        version,
                        worker.serving(),
                        worker.id(),
                        now,
                        deadline()));
    }

    private void granted(Candidate worker, Ledger.Change change) {
        ledger = change.next();
        if (change.outcome() instanceof Ledger.Outcomes.Changed(LeaseEntry lease)
                && lease.phase() instanceof Phase.Generating at) {
            List<Integer> samples = lease.missing();
            taken.merge(at.workerId(), samples.size(), Integer::sum);
            candidates.take(worker, samples.size());
            granted.computeIfAbsent(at.workerId(), id -> new ArrayList<>())
                    .add(new LeaseTerms(
                            lease.id(),
                            lease.attempt(),
                            lease.stage(),
                            lease.promptId(),
                            lease.groupSize(),
                            samples,
                            lease.issuedAt(),
                            lease.floor(),
                            settings.sampling(),
                            LeaseTerms.seed(settings.seed(), lease.id()),
                            at.deadline()));
            effects.add(new StageEffect.RecordFact(new RunFact.LeaseIssued(
                    lease.id(), lease.attempt(), lease.stage(), lease.promptId(), version, at.workerId())));
        }
    }

    private Instant deadline() {
        return now.plus(settings.leaseTimeout());
    }
}
