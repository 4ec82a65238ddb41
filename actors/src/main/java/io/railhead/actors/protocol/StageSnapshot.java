package io.railhead.actors.protocol;

import io.railhead.policy.PolicyVersion;
import java.util.List;
import java.util.Map;

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
    ///
    /// @param bestMastery the best value that `mastery` had in the present stage
    /// @param groupsSinceBest how many groups came back since then
    /// @param recentMeans the recent share of correct responses by prompt, where stages weigh their prompts by it
    public record CurriculumPosition(
            int stageIndex,
            List<Long> drawn,
            long trainedInStage,
            double mastery,
            double bestMastery,
            long groupsSinceBest,
            Map<String, Double> recentMeans) {
        public CurriculumPosition(int stageIndex, List<Long> drawn, long trainedInStage, double mastery) {
            this(stageIndex, drawn, trainedInStage, mastery, 0, 0, Map.of());
        }

        public CurriculumPosition {
            drawn = List.copyOf(drawn);
            recentMeans = Map.copyOf(recentMeans);
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
