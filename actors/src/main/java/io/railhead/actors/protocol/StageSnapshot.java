package io.railhead.actors.protocol;

import io.railhead.policy.PolicyVersion;
import java.util.List;

/// All of the stage controller that outlives its process: committed together with the weights of `version`.
public record StageSnapshot(
        PolicyVersion version,
        LedgerCounts ledger,
        List<OpenLease> open,
        CurriculumPosition curriculum,
        long nextLeaseId) {
    /// A lease that was open at the commit. On resume it is issued again, whole, under the next attempt.
    public record OpenLease(LeaseId id, int attempt, String stage, String promptId, PolicyVersion issuedAt) {}

    /// Where the curriculum stands. `drawn` counts the prompts drawn in each stage, by stage index.
    public record CurriculumPosition(int stageIndex, List<Long> drawn, long trainedInStage, double mastery) {
        public CurriculumPosition {
            drawn = List.copyOf(drawn);
        }
    }

    public StageSnapshot {
        open = List.copyOf(open);
        if (open.size() != ledger.inFlight()) {
            throw new IllegalArgumentException(
                    open.size() + " open leases, but the ledger has " + ledger.inFlight() + " in flight");
        }
    }
}
