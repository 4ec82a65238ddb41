package io.railhead.actors.telemetry;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunFact.LeaseEnded.Outcome;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.policy.PolicyVersion;
import java.util.Optional;
import org.pcollections.TreePMap;

/// What a run's facts say about each lease: what came of it, and how it ended. Immutable.
///
/// - Only leases whose issue was seen count: of others nobody knows what is missing.
/// - A sample counts for its lease also when its fact comes after the lease's end: the learner and the controller
///   tell the recorder each for themselves. The last copy of a sample counts.
/// - What a new life goes back behind did not happen: no lease is open then, and those that ended after its commit
///   have not ended. A lease that is issued again had not ended either, whatever was said of it.
///
/// @param open what has come of leases that have not ended
/// @param ended how the others ended
public record LeaseHistory(TreePMap<LeaseId, Work> open, TreePMap<LeaseId, Ended> ended) {
    public static final LeaseHistory EMPTY = new LeaseHistory(TreePMap.empty(), TreePMap.empty());

    /// A response that came.
    public record Sample(int tokens, boolean correct) {}

    /// @param difficulty as its task says; empty while no response came, for the issue of a lease does not tell it
    /// @param samples by their index
    public record Work(String promptId, Optional<String> difficulty, TreePMap<Integer, Sample> samples) {
        private Work plus(ScoredRollout trajectory) {
            Rollout rollout = trajectory.rollout();
            Sample sample =
                    new Sample(rollout.response().size(), trajectory.score().correct());
            return new Work(
                    promptId, Optional.of(rollout.task().difficulty()), samples.plus(rollout.sampleIndex(), sample));
        }
    }

    /// @param at the learner's version then
    public record Ended(Outcome outcome, PolicyVersion at, Work work) {}

    public LeaseHistory after(RunFact fact) {
        return switch (fact) {
            case RunFact.LeaseIssued issued -> issued(issued);
            case RunFact.TrajectoryTaken(ScoredRollout trajectory) -> taken(trajectory);
            case RunFact.LeaseEnded end -> ended(end);
            case RunFact.IncarnationBegan began ->
                new LeaseHistory(TreePMap.empty(), endedUntil(began.from().orElse(PolicyVersion.BASE)));
            case RunFact.StepFinished _,
                    RunFact.CheckpointWritten _,
                    RunFact.LearnerStarted _,
                    RunFact.TroubleFound _,
                    RunFact.AlertRaised _,
                    RunFact.AlertCleared _,
                    RunFact.LoopMoved _,
                    RunFact.MemoryShort _,
                    RunFact.WeightsMade _,
                    RunFact.StageAdvanced _ -> this;
        };
    }

    /// Without those that ended, and samples of them that come yet.
    LeaseHistory forgettingEnded() {
        return new LeaseHistory(open, TreePMap.empty());
    }

    /// A first attempt has no sample; a later one keeps what came of those before.
    private LeaseHistory issued(RunFact.LeaseIssued issued) {
        return issued.attempt() > 1 && open.containsKey(issued.lease())
                ? this
                : new LeaseHistory(
                        open.plus(issued.lease(), new Work(issued.promptId(), Optional.empty(), TreePMap.empty())),
                        ended.minus(issued.lease()));
    }

    private LeaseHistory taken(ScoredRollout trajectory) {
        LeaseId lease = trajectory.rollout().lease();
        Work work = open.get(lease);
        if (work != null) {
            return new LeaseHistory(open.plus(lease, work.plus(trajectory)), ended);
        }
        Ended end = ended.get(lease);
        return end == null
                ? this
                : new LeaseHistory(
                        open,
                        ended.plus(
                                lease,
                                new Ended(end.outcome(), end.at(), end.work().plus(trajectory))));
    }

    private LeaseHistory ended(RunFact.LeaseEnded end) {
        Work work = open.get(end.lease());
        return work == null
                ? this
                : new LeaseHistory(
                        open.minus(end.lease()), ended.plus(end.lease(), new Ended(end.outcome(), end.at(), work)));
    }

    private TreePMap<LeaseId, Ended> endedUntil(PolicyVersion from) {
        TreePMap<LeaseId, Ended> kept = TreePMap.empty();
        for (var end : ended.entrySet()) {
            if (end.getValue().at().compareTo(from) <= 0) {
                kept = kept.plus(end.getKey(), end.getValue());
            }
        }
        return kept;
    }
}
