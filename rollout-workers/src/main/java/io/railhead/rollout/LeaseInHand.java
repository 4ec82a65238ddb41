package io.railhead.rollout;

import io.railhead.actors.protocol.Lease;
import java.util.List;
import java.util.stream.Stream;

/// A lease that a worker holds, with the samples that neither finished nor failed yet.
record LeaseInHand(Lease lease, List<Integer> outstanding) {
    LeaseInHand {
        outstanding = List.copyOf(outstanding);
        if (outstanding.isEmpty()) {
            throw new IllegalArgumentException(lease.id() + " has no sample outstanding, so it is not in hand");
        }
        if (!lease.sampleIndices().containsAll(outstanding)) {
            throw new IllegalArgumentException(lease.id() + " never asked for one of the samples " + outstanding);
        }
    }

    static LeaseInHand of(Lease lease) {
        return new LeaseInHand(lease, lease.sampleIndices());
    }

    /// What the engine calls this lease. It holds the attempt, so a late answer to an older attempt is not mistaken.
    static String requestId(Lease lease) {
        return lease.id() + "/" + lease.attempt();
    }

    Stream<SampleKey> samples() {
        return outstanding.stream().map(index -> new SampleKey(lease.id(), lease.attempt(), index));
    }
}
