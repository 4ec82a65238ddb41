package io.railhead.actors.protocol;

import io.railhead.policy.PolicyVersion;
import java.util.List;

/// What the learner hears.
public sealed interface LearnerCommand {
    /// From a reward actor. A second copy of the same sample is dropped.
    record OfferTrajectory(ScoredRollout trajectory) implements LearnerCommand, WireMessage {}

    /// From the stage controller: make the next version of `from` out of these groups, in this order, with so many
    /// times the learning rate.
    record TrainBatch(PolicyVersion from, List<LeaseId> groups, double rateFactor)
            implements LearnerCommand, ControlMessage {
        public TrainBatch {
            groups = List.copyOf(groups);
            if (!(rateFactor > 0) || !Double.isFinite(rateFactor)) {
                throw new IllegalArgumentException("the learning rate's factor is positive: " + rateFactor);
            }
        }

        public TrainBatch(PolicyVersion from, List<LeaseId> groups) {
            this(from, groups, 1);
        }
    }

    /// From the stage controller: these leases ended otherwise; forget their samples.
    record DropGroups(List<LeaseId> groups) implements LearnerCommand, ControlMessage {
        public DropGroups {
            groups = List.copyOf(groups);
        }
    }

    /// From the stage controller between two steps: make this durable together with the present weights.
    record CommitCheckpoint(StageSnapshot stage) implements LearnerCommand, WireMessage {}

    /// Private events of the implementation.
    non-sealed interface Internal extends LearnerCommand {}
}
