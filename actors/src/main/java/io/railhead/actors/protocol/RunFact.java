package io.railhead.actors.protocol;

import io.railhead.policy.PolicyVersion;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What happened in a run, past tense, as the event log keeps it and the screen shows it.
public sealed interface RunFact extends WireMessage {
    record LeaseIssued(LeaseId lease, int attempt, String stage, String promptId, PolicyVersion at, String workerId)
            implements RunFact {}

    record LeaseEnded(LeaseId lease, Outcome outcome, PolicyVersion at, String cause) implements RunFact {
        public enum Outcome {
            TRAINED,
            FILTERED,
            STALE,
            FAILED
        }
    }

    /// A trajectory as the learner took it in.
    record TrajectoryTaken(ScoredRollout trajectory) implements RunFact {}

    /// A train step with the ledger after it. Metric names are `area/name`.
    record StepFinished(
            PolicyVersion version,
            String stage,
            List<LeaseId> trained,
            LedgerCounts ledger,
            Map<String, Double> metrics)
            implements RunFact {
        public StepFinished {
            trained = List.copyOf(trained);
            metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
        }
    }

    record CheckpointWritten(PolicyVersion version, String path) implements RunFact {}

    /// A new life of the run's head began: with the commit of version `from` that `parent` made, or with nothing.
    /// What came after that commit did not happen.
    record IncarnationBegan(Incarnation incarnation, Incarnation parent, Optional<PolicyVersion> from)
            implements RunFact {}

    /// The learner of a life is about to make its steps.
    ///
    /// @param settings all that a step is a function of, apart from batch and weights: the resolved areas
    ///     `learner`, `policy` and `stage` of its configuration, as JSON
    /// @param nativeThreads of the native library, which the order of its sums may depend on
    /// @param platform native library and processor, for people
    record LearnerStarted(Incarnation incarnation, String settings, int nativeThreads, String platform)
            implements RunFact {}

    /// The learner has weights of a version: those that it began with, or those that a step made.
    ///
    /// @param root names the contents, as in a [WeightsCommand.Manifest]
    record WeightsMade(PolicyVersion version, String root) implements RunFact {}

    /// The step to `version` had numerical trouble. Comes before the ends of the batch's leases and before
    /// `StepFinished`, if there is one.
    ///
    /// @param batch all leases of the step in their order, trained or not
    record TroubleFound(PolicyVersion version, List<LeaseId> batch, Trouble trouble) implements RunFact {
        public TroubleFound {
            batch = List.copyOf(batch);
        }
    }

    /// `owner` has kept others waiting since `since`, longer than the deadline of `alert`.
    ///
    /// @param since in whole milliseconds
    /// @param action what was done about it: `warn`, `restart` or `fail`
    record AlertRaised(String alert, String owner, String detail, Instant since, String action) implements RunFact {}

    /// What the alert waited for has come, or is not waited for any more.
    record AlertCleared(String alert, String owner) implements RunFact {}

    /// A device's memory was not enough for `who`, which went on with less.
    record MemoryShort(String who, String cause, String answer) implements RunFact {}

    /// The closed loop moved one of what it may move: from the step after `at` on, leases are admitted with this
    /// `staleness`, and the learning rate is multiplied by `rateFactor`.
    record LoopMoved(PolicyVersion at, int staleness, double rateFactor, String cause) implements RunFact {}

    record StageAdvanced(String from, String to, PolicyVersion at, String cause) implements RunFact {}
}
