package io.railhead.actors.protocol;

import io.railhead.policy.PolicyVersion;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;

/// What the stage controller hears. It owns the ledger and the curriculum and decides who generates and what is
/// trained.
public sealed interface StageCommand {
    /// From a rollout worker: "I serve this version and could take so many more samples." Replaces the worker's earlier
    /// request; repeated as a heartbeat. Leases come to `worker` as they become admissible.
    record RequestLeases(String workerId, PolicyVersion serving, int freeSamples, ActorRef<RolloutCommand> worker)
            implements StageCommand, ControlMessage {}

    /// From a rollout worker that leaves: its unfinished leases may be issued again at once.
    record WorkerLeft(String workerId) implements StageCommand, ControlMessage {}

    /// From a worker or a reward actor: this sample of this attempt will not come.
    record SampleFailed(LeaseId lease, int attempt, int sampleIndex, String cause)
            implements StageCommand, ControlMessage {}

    /// From the learner when it starts or restarts, holding the weights of `version` and no trajectory.
    record LearnerReady(PolicyVersion version, ActorRef<LearnerCommand> learner)
            implements StageCommand, ControlMessage {}

    /// From the learner: this sample is here. `oldest` is the version of its first token. Told again for each further
    /// copy of the sample, so that a lost message heals when the lease is granted again.
    record SampleArrived(LeaseId lease, int sampleIndex, PolicyVersion oldest)
            implements StageCommand, ControlMessage {}

    /// From the learner: the group is whole. A group without variance in its rewards has nothing to teach. Told again
    /// for each further copy of one of its samples.
    record GroupReady(LeaseId lease, PolicyVersion oldest, boolean zeroVariance, double correctShare)
            implements StageCommand, ControlMessage {}

    /// From the learner: these groups made `version`, with these measurements (metric name -> value). What else
    /// was in the batch was left out of the step, for one of the `troubles`.
    record StepCommitted(
            PolicyVersion version, List<LeaseId> trained, Map<String, Double> metrics, List<Trouble> troubles)
            implements StageCommand, ControlMessage {
        public StepCommitted {
            trained = List.copyOf(trained);
            metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
            troubles = List.copyOf(troubles);
        }

        public StepCommitted(PolicyVersion version, List<LeaseId> trained, Map<String, Double> metrics) {
            this(version, trained, metrics, List.of());
        }
    }

    /// From the learner: it makes no step from `from`, by its settings the run is to fail.
    record StepRefused(PolicyVersion from, String cause, List<Trouble> troubles)
            implements StageCommand, ControlMessage {
        public StepRefused {
            troubles = List.copyOf(troubles);
        }
    }

    /// From the learner: what the commit asked for is to hold is written aside. The learner is free for the next
    /// step; whether the commit became durable follows.
    record CheckpointStaged(PolicyVersion version, String path) implements StageCommand, ControlMessage {}

    /// From the learner: the commit asked for is durable.
    record CheckpointCommitted(PolicyVersion version, String path) implements StageCommand, ControlMessage {}

    /// From the learner: the commit asked for failed; the run goes on from the one before.
    record CheckpointFailed(PolicyVersion version, String cause) implements StageCommand, ControlMessage {}

    /// Finish the step in hand, commit, and say so. Leases in flight stay in the commit.
    record Stop(ActorRef<RunEnded> replyTo) implements StageCommand {}

    record GetStatus(ActorRef<RunStatus> replyTo) implements StageCommand, ControlMessage {}

    /// The last word of the stage controller: the run reached its last step, was stopped, or failed.
    record RunEnded(PolicyVersion version, LedgerCounts ledger, Outcome outcome, String cause)
            implements ControlMessage {
        public enum Outcome {
            FINISHED,
            STOPPED,
            FAILED
        }
    }

    /// Private events of the implementation.
    non-sealed interface Internal extends StageCommand {}
}
