package io.railhead.actors.stage;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.policy.PolicyVersion;
import java.util.List;

/// What the rules want done, in this order.
public sealed interface StageEffect {
    /// Load the tasks and tell the worker all leases in one message. A task that cannot be loaded is reported back.
    record Grant(String workerId, List<LeaseTerms> leases) implements StageEffect {
        public Grant {
            leases = List.copyOf(leases);
        }
    }

    record Revoke(String workerId, List<LeaseId> leases) implements StageEffect {
        public Revoke {
            leases = List.copyOf(leases);
        }
    }

    record TrainBatch(PolicyVersion from, List<LeaseId> groups, double rateFactor) implements StageEffect {
        public TrainBatch {
            groups = List.copyOf(groups);
        }

        public TrainBatch(PolicyVersion from, List<LeaseId> groups) {
            this(from, groups, 1);
        }
    }

    record DropGroups(List<LeaseId> groups) implements StageEffect {
        public DropGroups {
            groups = List.copyOf(groups);
        }
    }

    record CommitCheckpoint(StageSnapshot snapshot) implements StageEffect {}

    record RecordFact(RunFact fact) implements StageEffect {}

    /// Something a user can act on.
    record Warn(String text) implements StageEffect {}

    /// The last effect of a run.
    record EndRun(RunEnded end) implements StageEffect {}
}
