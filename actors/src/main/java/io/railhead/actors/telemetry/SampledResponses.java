package io.railhead.actors.telemetry;

import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunFact.StepFinished;
import io.railhead.actors.protocol.ScoredRollout;
import java.util.Map;
import java.util.TreeMap;

/// What the responses between two train steps were worth, those of filtered groups included. A train step's own
/// means leave out what all responses of a group got right or wrong, so they hide how good the policy has become.
///
/// Adds to each step `sampled/responses`, `sampled/reward` and `sampled/correct` (means), and
/// `sampled/correct/KIND` for each kind of question. Not thread-safe.
final class SampledResponses {
    private Mean reward = Mean.NONE;
    private Map<String, Mean> correct = new TreeMap<>();

    private record Mean(double sum, int count) {
        static final Mean NONE = new Mean(0, 0);

        Mean plus(double value) {
            return new Mean(sum + value, count + 1);
        }

        static Mean sum(Mean a, Mean b) {
            return new Mean(a.sum + b.sum, a.count + b.count);
        }

        double value() {
            return sum / count;
        }
    }

    /// The fact itself; a train step with what was sampled since the one before.
    RunFact complete(RunFact fact) {
        return switch (fact) {
            case RunFact.TrajectoryTaken taken -> {
                take(taken.trajectory());
                yield fact;
            }
            case StepFinished step -> reward.count() == 0 ? step : completed(step);
            case RunFact.LeaseIssued _,
                    RunFact.LeaseEnded _,
                    RunFact.CheckpointWritten _,
                    RunFact.IncarnationBegan _,
                    RunFact.LearnerStarted _,
                    RunFact.TroubleFound _,
                    RunFact.AlertRaised _,
                    RunFact.AlertCleared _,
                    RunFact.LoopMoved _,
                    RunFact.MemoryShort _,
                    RunFact.WeightsMade _,
                    RunFact.StageAdvanced _ -> fact;
        };
    }

    private void take(ScoredRollout trajectory) {
        reward = reward.plus(trajectory.score().reward());
        correct.merge(
                trajectory.rollout().task().kind(),
                Mean.NONE.plus(trajectory.score().correct() ? 1 : 0),
                Mean::sum);
    }

    private StepFinished completed(StepFinished step) {
        Map<String, Double> metrics = new TreeMap<>(step.metrics());
        metrics.put("sampled/responses", (double) reward.count());
        metrics.put("sampled/reward", reward.value());
        metrics.put(
                "sampled/correct",
                correct.values().stream().reduce(Mean.NONE, Mean::sum).value());
        correct.forEach((kind, mean) -> metrics.put("sampled/correct/" + kind, mean.value()));
        reward = Mean.NONE;
        correct = new TreeMap<>();
        return new StepFinished(step.version(), step.stage(), step.trained(), step.ledger(), metrics);
    }
}
