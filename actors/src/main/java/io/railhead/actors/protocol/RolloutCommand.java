package io.railhead.actors.protocol;

import io.railhead.policy.PolicyVersion;
import java.util.List;

/// What a rollout worker hears.
public sealed interface RolloutCommand {
    /// From the stage controller. The leases of one grant are submitted to the engine together, in this order.
    ///
    /// @param more the grant goes on in the next message: it was too big for one
    record LeasesGranted(List<Lease> leases, boolean more) implements RolloutCommand, WireMessage {
        public LeasesGranted {
            leases = List.copyOf(leases);
        }

        public LeasesGranted(List<Lease> leases) {
            this(leases, false);
        }
    }

    /// From the stage controller: nobody waits for these any more.
    record LeasesRevoked(List<LeaseId> leases) implements RolloutCommand, ControlMessage {
        public LeasesRevoked {
            leases = List.copyOf(leases);
        }
    }

    /// From the node's weights follower: these weights are here and verified.
    record WeightsStaged(PolicyVersion version) implements RolloutCommand {}

    /// Take no more leases, finish or hand back what runs until the deadline, then stop.
    record Drain() implements RolloutCommand, ControlMessage {}

    /// Private events of the implementation.
    non-sealed interface Internal extends RolloutCommand {}
}
