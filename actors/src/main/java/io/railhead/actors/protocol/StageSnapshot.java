package io.railhead.actors.protocol;

import io.railhead.policy.PolicyVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All of the stage controller that outlives its process: committed together with the weights of `version`.
public record StageSnapshot(
        PolicyVersion version,
        LedgerCounts ledger,
        List<OpenLease> open,
        CurriculumPosition curriculum,
        long nextLeaseId,
        Optional<LoopPosition> loop) {
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

    /// Where the closed loop stands; there is none where it is off.
    ///
    /// @param staleness that leases are admitted with
    /// @param rateFactor of the learning rate
    /// @param steps that were measured since the last move
    /// @param effective sum of their shares of effective samples
    /// @param mismatch sum of their mismatch KLs
    public record LoopPosition(int staleness, double rateFactor, int steps, double effective, double mismatch) {
        public LoopPosition {
            if (!(rateFactor > 0) || !Double.isFinite(rateFactor)) {
                throw new IllegalArgumentException("the learning rate's factor is positive: " + rateFactor);
            }
            if (!Double.isFinite(effective) || !Double.isFinite(mismatch)) {
                throw new IllegalArgumentException("sums are finite: " + effective + " and " + mismatch);
            }
        }
    }

    /// Without a closed loop.
    public StageSnapshot(
            PolicyVersion version,
            LedgerCounts ledger,
            List<OpenLease> open,
            CurriculumPosition curriculum,
            long nextLeaseId) {
        this(version, ledger, open, curriculum, nextLeaseId, Optional.empty());
    }

    public StageSnapshot {
        open = List.copyOf(open);
        if (open.size() != ledger.inFlight()) {
            throw new IllegalArgumentException(
                    open.size() + " open leases, but the ledger has " + ledger.inFlight() + " in flight");
        }
    }
}
