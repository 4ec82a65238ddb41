package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.policy.PolicyVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// A run of the pure rules with fake workers and a fake learner in virtual time, driven by one seeded random source.
///
/// Messages are delayed at random, so they overtake each other unless both ends are the same; some are lost or
/// doubled; workers die and new ones come; the learner restarts with or without its last commit. The invariants of
/// [StageState] are checked after every event. A failure is replayed by the seed in its description.
final class SimulatedRun {
    /// Chances per message or decision, and the largest delay in milliseconds.
    record Faults(double lose, double repeat, double refuse, double workerDies, double learnerRestarts, int maxDelay) {
        static final Faults NONE = new Faults(0, 0, 0, 0, 0, 200);
    }

    private record Event(long at, long order, Runnable body) {}

    private static final int EVENT_LIMIT = 400_000;

    private final StageSettings settings;
    private final Faults faults;
    private final Random random;
    private final PriorityQueue<Event> queue =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final Map<String, Worker> workers = new TreeMap<>();
    private final Map<LeaseId, RunFact.LeaseEnded.Outcome> ends = new HashMap<>();
    private final List<List<LeaseId>> steps = new ArrayList<>();
    private final Map<LeaseId, String> promptOf = new TreeMap<>();

    private final Map<String, Integer> happened = new TreeMap<>();

    private long clock;
    private long order;
    private long workersMade;
    private StageState state;
    private Learner learner;
    private Optional<RunEnded> end = Optional.empty();
    private long fifoToController; // learner's messages keep their order, as between two actors

    SimulatedRun(StageSettings settings, List<PromptRef> catalogue, Faults faults, long seed) {
        this(settings, faults, seed, StageState.start(settings, catalogue, Instant.EPOCH));
    }

    private SimulatedRun(StageSettings settings, Faults faults, long seed, StageState start) {
        this.settings = settings;
        this.faults = faults;
        this.random = new Random(seed);
        this.state = start;
        this.learner = new Learner(start.version());
        this.learner.durable = start.committed();
    }

    /// Another process that goes on from the last commit of this one.
    SimulatedRun resumed(List<PromptRef> catalogue, long seed) {
        StageSnapshot commit = state.committed().orElseThrow();
        SimulatedRun next = new SimulatedRun(
                settings, faults, seed, StageState.restore(commit, settings, catalogue, Instant.EPOCH));
        next.steps.addAll(steps.subList(0, (int) commit.version().number()));
        return next;
    }

    /// Asks the run to stop after so many milliseconds, unless it has ended by then.
    SimulatedRun stopAfter(long millis) {
        after(millis, () -> apply(state.onStop(now())));
        return this;
    }

    List<List<LeaseId>> steps() {
        return steps;
    }

    Map<LeaseId, String> promptOf() {
        return promptOf;
    }

    /// How often each thing happened that the faults are meant to cause.
    Map<String, Integer> happened() {
        return happened;
    }

    StageState state() {
        return state;
    }

    /// Runs until the run has ended.
    RunEnded run(int workerCount) {
        for (int i = 0; i < workerCount; i++) {
            newWorker();
        }
        after(random.nextInt(50), () -> learner.ready());
        tick();
        for (int events = 0; end.isEmpty(); events++) {
            Event event = queue.poll();
            if (event == null || events > EVENT_LIMIT) {
                throw new AssertionError(
                        "the run hangs after %d events at %s: %s".formatted(events, now(), state.status()));
            }
            clock = event.at();
            event.body().run();
        }
        return end.get();
    }

    private void tick() {
        after(500, () -> {
            apply(state.onTick(now()));
            if (random.nextDouble() < faults.learnerRestarts()) {
                learner.restart();
            }
            if (random.nextDouble() < faults.workerDies()) {
                workers.values().stream().findAny().ifPresent(Worker::die);
                newWorker();
            }
            tick();
        });
    }

    private void count(String what) {
        happened.merge(what, 1, Integer::sum);
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock);
    }

    private void after(long millis, Runnable body) {
        queue.add(new Event(clock + millis, order++, body));
    }

    /// A message over an unreliable hop.
    private void send(Runnable message) {
        if (random.nextDouble() >= faults.lose()) {
            after(1 + random.nextInt(faults.maxDelay()), message);
            if (random.nextDouble() < faults.repeat()) {
                after(1 + random.nextInt(faults.maxDelay()), message);
            }
        }
    }

    /// A message from the learner: in order, never lost.
    private void fromLearner(Learner sender, Runnable message) {
        fifoToController = Math.max(fifoToController, clock + 1 + random.nextInt(faults.maxDelay()));
        after(fifoToController - clock, () -> {
            if (sender == learner) {
                message.run();
            }
        });
    }

    private void newWorker() {
        String id = "w" + workersMade++;
        Worker worker = new Worker(id, learner.version);
        workers.put(id, worker);
        worker.heartbeat();
    }

    private void apply(Transition transition) {
        StageState before = state;
        state = transition.next();
        checkInvariants(before);
        for (StageEffect effect : transition.effects()) {
            switch (effect) {
                case StageEffect.Grant(String id, List<LeaseTerms> leases) -> {
                    leases.forEach(lease -> promptOf.put(lease.id(), lease.promptId()));
                    leases.stream().filter(lease -> lease.attempt() > 1).forEach(lease -> count("granted again"));
                    Optional.ofNullable(workers.get(id)).ifPresent(worker -> send(() -> worker.take(leases)));
                }
                case StageEffect.Revoke(String id, List<LeaseId> leases) ->
                    Optional.ofNullable(workers.get(id)).ifPresent(worker -> send(() -> worker.cancel(leases)));
                case StageEffect.TrainBatch(PolicyVersion from, List<LeaseId> groups, double _) ->
                    learner.train(from, groups);
                case StageEffect.DropGroups(List<LeaseId> groups) -> learner.drop(groups);
                case StageEffect.CommitCheckpoint(StageSnapshot snapshot) -> learner.commit(snapshot);
                case StageEffect.RecordFact(RunFact fact) -> check(fact);
                case StageEffect.Warn _ -> {}
                case StageEffect.EndRun(RunEnded ended) -> end = Optional.of(ended);
            }
        }
    }

    private void checkInvariants(StageState before) {
        var counts = state.ledger().counts(); // throws if unbalanced
        assertThat(state.ledger().tally()).isEqualTo(Tally.of(state.ledger().leases())); // the slow twin
        assertThat(counts.inFlight()).isLessThanOrEqualTo(settings.staleness().capacity());
        if (!(state.phase() instanceof StageState.RunPhase.Ended)) {
            Set<LeaseId> training = state.learner() instanceof StageState.LearnerPhase.Training(var batch, var _)
                    ? new HashSet<>(batch)
                    : Set.of();
            List<Long> rest = state.ledger().leases().stream()
                    .filter(lease -> !training.contains(lease.id()))
                    .map(lease -> settings.staleness().deadline(lease.floor()))
                    .toList();
            PolicyVersion from =
                    training.isEmpty() ? state.version() : state.version().next();
            assertThat(settings.staleness().load(rest, from).isFeasible())
                    .as("open leases are feasible")
                    .isTrue();
        }
        if (state.ledger().issued() > before.ledger().issued()) {
            assertThat(state.ledger().tally().open() - state.training().open())
                    .as("leases that are not being trained, after one was opened")
                    .isLessThanOrEqualTo(new Staleness(state.loop().staleness(), settings.groupsPerStep()).capacity());
        }
        assertThat(new Turn(state, now()).settled().effects())
                .as("the rules are at rest, so an event that changes nothing they look at needs none of them")
                .isEmpty();
        if (state.version().compareTo(before.version()) < 0) {
            count("gone back");
            // back to a commit: what ended after it may end again
            ends.keySet()
                    .removeIf(id -> state.ledger().lease(id).isPresent()
                            || id.compareTo(state.ledger().nextId()) >= 0);
            steps.subList((int) state.version().number(), steps.size()).clear();
        }
    }

    private void check(RunFact fact) {
        switch (fact) {
            case RunFact.LeaseEnded(LeaseId id, var outcome, PolicyVersion _, String _) -> {
                count(outcome.name());
                assertThat(ends.put(id, outcome)).as("first end of %s", id).isNull();
            }
            case RunFact.StepFinished(PolicyVersion version, String _, var trained, var ledger, var _) -> {
                steps.add(trained);
                assertThat(steps).hasSize((int) version.number());
                assertThat(ledger.trained()).isEqualTo(version.number() * settings.groupsPerStep());
            }
            default -> {}
        }
    }

    /// What the closed loop looks at. A function of the version only.
    private static Map<String, Double> measured(PolicyVersion made) {
        Random chance = new Random(made.number() * 77);
        return Map.of(ClosedLoop.EFFECTIVE, chance.nextDouble(), ClosedLoop.MISMATCH, 0.03 * chance.nextDouble());
    }

    /// Is the group of this lease without variance? A function of prompt and version only.
    private boolean zeroVariance(String promptId, PolicyVersion version) {
        return new Random(promptId.hashCode() * 31L + version.number()).nextDouble() < 0.25;
    }

    /// A worker with 8 slots. Its weights follow the learner's with delay; running samples carry the version at their
    /// start as their oldest.
    private final class Worker {
        private final String id;
        private final Map<LeaseId, Set<Integer>> running = new HashMap<>(); // lease -> samples to come
        private PolicyVersion serving;
        private boolean dead;

        Worker(String id, PolicyVersion serving) {
            this.id = id;
            this.serving = serving;
        }

        void heartbeat() {
            if (dead) {
                return;
            }
            PolicyVersion at = serving;
            int free = Math.max(
                    0, 8 - running.values().stream().mapToInt(Set::size).sum());
            send(() -> {
                if (!dead) {
                    apply(state.onRequestLeases(id, at, free, now()));
                }
            });
            after(100 + random.nextInt(200), this::heartbeat);
        }

        void publish(PolicyVersion version) {
            after(random.nextInt(3 * faults.maxDelay()), () -> {
                if (version.compareTo(serving) > 0) {
                    serving = version;
                }
            });
        }

        void take(List<LeaseTerms> leases) {
            for (LeaseTerms lease : leases) {
                assertThat(serving).isGreaterThanOrEqualTo(lease.floor());
                running.put(lease.id(), new HashSet<>(lease.sampleIndices()));
                for (int index : lease.sampleIndices()) {
                    PolicyVersion oldest = serving;
                    after(10 + random.nextInt(400), () -> finish(lease, index, oldest));
                }
            }
        }

        private void finish(LeaseTerms lease, int index, PolicyVersion oldest) {
            Set<Integer> left = running.getOrDefault(lease.id(), new HashSet<>());
            if (dead || !left.remove(index)) {
                return;
            }
            if (left.isEmpty()) {
                running.remove(lease.id());
            }
            if (random.nextDouble() < faults.refuse()) {
                send(() -> apply(state.onSampleFailed(lease.id(), lease.attempt(), index, "refused", now())));
            } else {
                Learner to = learner;
                send(() -> to.offer(lease, index, oldest));
            }
        }

        void cancel(List<LeaseId> leases) {
            leases.forEach(running::remove);
        }

        void die() {
            dead = true;
            workers.remove(id);
            after(random.nextInt(faults.maxDelay()), () -> apply(state.onWorkerLost(id, now())));
        }
    }

    /// Assembles groups, asserts the staleness of what it trains on, and takes 300 ms for a step.
    private final class Learner {
        private final Map<LeaseId, TreeMap<Integer, PolicyVersion>> groups = new HashMap<>();
        private final Set<LeaseId> over = new HashSet<>();
        private PolicyVersion version;
        private boolean known; // what the controller says before it has heard of this life is for the former one
        private Optional<StageSnapshot> durable = Optional.empty();
        private Optional<StageSnapshot> staging = Optional.empty();

        Learner(PolicyVersion version) {
            this.version = version;
        }

        void ready() {
            PolicyVersion at = version;
            fromLearner(this, () -> {
                known = true;
                apply(state.onLearnerReady(at, now()));
            });
        }

        /// Back with the last commit's weights if there is one, otherwise only while it has not made a step.
        void restart() {
            if (staging.isPresent() && random.nextBoolean()) {
                durable = staging; // it came to its end, but nobody was told any more
            }
            if (durable.isPresent() || version.equals(PolicyVersion.BASE)) {
                Learner next = new Learner(durable.map(StageSnapshot::version).orElse(PolicyVersion.BASE));
                next.durable = durable;
                learner = next;
                if (!next.version.equals(version)) {
                    int count = workers.size(); // weights never go back in one worker's life
                    List.copyOf(workers.values()).forEach(Worker::die);
                    for (int i = 0; i < count; i++) {
                        newWorker();
                    }
                }
                next.ready();
            }
        }

        void offer(LeaseTerms lease, int index, PolicyVersion oldest) {
            if (this != learner || over.contains(lease.id()) || oldest.compareTo(version) > 0) {
                return;
            }
            var group = groups.computeIfAbsent(lease.id(), id -> new TreeMap<>());
            PolicyVersion kept = group.computeIfAbsent(index, i -> oldest);
            fromLearner(this, () -> apply(state.onSampleArrived(lease.id(), index, kept, now())));
            if (group.size() == lease.groupSize()) {
                PolicyVersion eldest =
                        group.values().stream().min(Comparator.naturalOrder()).orElseThrow();
                boolean flat = zeroVariance(lease.promptId(), eldest);
                fromLearner(this, () -> apply(state.onGroupReady(lease.id(), eldest, flat, flat ? 1 : 0.5, now())));
            }
        }

        void train(PolicyVersion from, List<LeaseId> batch) {
            if (!known) {
                return;
            }
            assertThat(from).isEqualTo(version);
            assertThat(batch).hasSize(settings.groupsPerStep()).isSorted();
            after(300, () -> {
                if (this != learner) {
                    return;
                }
                for (LeaseId id : batch) {
                    var group = groups.getOrDefault(id, new TreeMap<>());
                    groups.remove(id);
                    assertThat(group).as("%s is whole", id).hasSize(settings.groupSize());
                    group.values()
                            .forEach(oldest -> assertThat(version.stalenessOf(oldest))
                                    .as("staleness of %s", id)
                                    .isBetween(0L, (long) settings.maxStaleness()));
                    over.add(id);
                }
                version = from.next();
                PolicyVersion made = version;
                fromLearner(this, () -> apply(state.onStepCommitted(made, batch, measured(made), now())));
                workers.values().forEach(worker -> worker.publish(made));
            });
        }

        void drop(List<LeaseId> ids) {
            if (!known) {
                return;
            }
            ids.forEach(id -> {
                groups.remove(id);
                over.add(id);
            });
        }

        void commit(StageSnapshot snapshot) {
            after(100, () -> {
                if (this == learner && known) {
                    assertThat(snapshot.version()).isEqualTo(version);
                    assertThat(staging).as("one commit at a time").isEmpty();
                    staging = Optional.of(snapshot);
                    fromLearner(this, () -> apply(state.onCheckpointStaged(snapshot.version(), "here", now())));
                    finish(snapshot);
                }
            });
        }

        /// Takes longer than some steps, and is over before a learner that went down is back.
        private void finish(StageSnapshot snapshot) {
            after(1000, () -> {
                staging = Optional.empty();
                if (this == learner && known) {
                    durable = Optional.of(snapshot);
                    fromLearner(this, () -> apply(state.onCheckpointCommitted(snapshot.version(), "here", now())));
                }
            });
        }
    }
}
