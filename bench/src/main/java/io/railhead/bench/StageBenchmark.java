package io.railhead.bench;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.stage.LeaseTerms;
import io.railhead.actors.stage.PromptRef;
import io.railhead.actors.stage.StageEffect;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.stage.StageState;
import io.railhead.actors.stage.Transition;
import io.railhead.policy.PolicyVersion;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What one trajectory costs the stage controller, as processor time of its rules: its share of request, grant,
/// arrival, group ready, train and commit, while as many leases as given are open all the time, spread over as
/// many workers as given. Its inverse is the most trajectories a second that one controller can lead.
final class StageBenchmark implements Benchmark {
    private static final int MAX_STALENESS = 3;
    private static final int GROUP_SIZE = 8;
    private static final Instant NOW = Instant.EPOCH;

    private record Shape(int open, int workers) {}

    private record Held(String worker, LeaseTerms lease) {}

    @Override
    public List<Figure> run(Loop loop) {
        return Stream.of(new Shape(64, 1), new Shape(1000, 1), new Shape(1000, 1000))
                .map(shape -> loop.byProcessorTime()
                        .measure(
                                "stage/%d-open-%d-workers".formatted(shape.open(), shape.workers()),
                                Unit.processorMicrosecondsPer("trajectory"),
                                new Run(settings(shape.open()), shape.workers())))
                .toList();
    }

    private static StageSettings settings(int open) {
        String own = """
                railhead.stage {
                  steps = 1000000000
                  groups-per-step = %d
                  group-size = %d
                  max-staleness = %d
                  curriculum.preset = flat
                }
                """.formatted(open / (MAX_STALENESS + 1), GROUP_SIZE, MAX_STALENESS);
        return StageSettings.from(ConfigFactory.parseString(own).withFallback(ConfigFactory.defaultReference()));
    }

    /// A run in which workers and learner answer at once. A slice is as much as one train step takes.
    private static final class Run implements Work {
        private final StageSettings settings;
        private final Deque<Held> generating = new ArrayDeque<>();
        private final Map<String, Integer> held = new HashMap<>(); // leases by worker
        private final int leasesPerWorker;
        private StageState state;

        Run(StageSettings settings, int workers) {
            this.settings = settings;
            this.leasesPerWorker = settings.staleness().capacity() / workers;
            List<PromptRef> catalogue = IntStream.range(0, 512)
                    .mapToObj(i -> new PromptRef("prompt-" + i, "planning", "easy"))
                    .toList();
            state = StageState.start(settings, catalogue, NOW);
            apply(state.onLearnerReady(PolicyVersion.BASE, NOW));
            IntStream.range(0, workers).forEach(i -> ask("worker-" + i));
        }

        @Override
        public long run() {
            int open = settings.staleness().capacity();
            for (int i = 0; i < settings.groupsPerStep(); i++) {
                Held next = generating.remove();
                LeaseTerms lease = next.lease();
                for (int sample : lease.sampleIndices()) {
                    apply(state.onSampleArrived(lease.id(), sample, lease.floor(), NOW));
                }
                apply(state.onGroupReady(lease.id(), lease.floor(), false, 0.5, NOW));
                held.merge(next.worker(), -1, Integer::sum);
                ask(next.worker());
            }
            // The step made new weights: who has room says that it serves them.
            held.entrySet().stream()
                    .filter(worker -> worker.getValue() < leasesPerWorker)
                    .map(Map.Entry::getKey)
                    .toList()
                    .forEach(this::ask);
            if (state.ledger().leases().size() != open) {
                throw new IllegalStateException(state.ledger().leases().size() + " leases are open instead of " + open);
            }
            return (long) settings.groupsPerStep() * GROUP_SIZE;
        }

        private void ask(String worker) {
            int free = (leasesPerWorker - held.getOrDefault(worker, 0)) * GROUP_SIZE;
            apply(state.onRequestLeases(worker, state.version(), free, NOW));
        }

        private void apply(Transition transition) {
            state = transition.next();
            for (StageEffect effect : transition.effects()) {
                switch (effect) {
                    case StageEffect.Grant grant -> {
                        grant.leases().forEach(lease -> generating.add(new Held(grant.workerId(), lease)));
                        held.merge(grant.workerId(), grant.leases().size(), Integer::sum);
                    }
                    case StageEffect.TrainBatch batch ->
                        apply(state.onStepCommitted(batch.from().next(), batch.groups(), Map.of(), NOW));
                    case StageEffect.CommitCheckpoint commit ->
                        apply(state.onCheckpointCommitted(commit.snapshot().version(), "none", NOW));
                    case StageEffect.EndRun end -> throw new IllegalStateException("the run ended: " + end);
                    case StageEffect.Revoke _,
                            StageEffect.DropGroups _,
                            StageEffect.RecordFact _,
                            StageEffect.Warn _ -> {}
                }
            }
        }
    }
}
