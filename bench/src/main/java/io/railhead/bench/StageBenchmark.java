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
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What one trajectory costs the stage controller, as processor time of its rules: its share of request, grant,
/// arrival,
/// group ready, train and commit, while as many leases as given are open all the time. Its inverse is the most
/// trajectories a second that one controller can lead.
final class StageBenchmark implements Benchmark {
    private static final int MAX_STALENESS = 3;
    private static final int GROUP_SIZE = 8;
    private static final Instant NOW = Instant.EPOCH;
    private static final String WORKER = "bench";

    @Override
    public List<Figure> run(Loop loop) {
        return Stream.of(64, 1000)
                .map(open -> loop.byProcessorTime()
                        .measure(
                                "stage/" + open + "-open",
                                Unit.processorMicrosecondsPer("trajectory"),
                                new Run(settings(open))))
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

    /// A run in which worker and learner answer at once. A slice is as much as one train step takes.
    private static final class Run implements Work {
        private final StageSettings settings;
        private final Deque<LeaseTerms> generating = new ArrayDeque<>();
        private StageState state;

        Run(StageSettings settings) {
            this.settings = settings;
            List<PromptRef> catalogue = IntStream.range(0, 512)
                    .mapToObj(i -> new PromptRef("prompt-" + i, "planning", "easy"))
                    .toList();
            state = StageState.start(settings, catalogue, NOW);
            apply(state.onLearnerReady(PolicyVersion.BASE, NOW));
            ask();
        }

        @Override
        public long run() {
            int open = settings.staleness().capacity();
            for (int i = 0; i < settings.groupsPerStep(); i++) {
                LeaseTerms lease = generating.remove();
                for (int sample : lease.sampleIndices()) {
                    apply(state.onSampleArrived(lease.id(), sample, lease.floor(), NOW));
                }
                apply(state.onGroupReady(lease.id(), lease.floor(), false, 0.5, NOW));
                ask();
            }
            if (state.ledger().leases().size() != open) {
                throw new IllegalStateException(state.ledger().leases().size() + " leases are open instead of " + open);
            }
            return (long) settings.groupsPerStep() * GROUP_SIZE;
        }

        private void ask() {
            int free = (settings.staleness().capacity() - generating.size()) * GROUP_SIZE;
            apply(state.onRequestLeases(WORKER, state.version(), free, NOW));
        }

        private void apply(Transition transition) {
            state = transition.next();
            for (StageEffect effect : transition.effects()) {
                switch (effect) {
                    case StageEffect.Grant grant -> generating.addAll(grant.leases());
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
