package io.railhead.actors.telemetry;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunFact.LeaseEnded.Outcome;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.policy.PolicyVersion;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What a run's facts say about each lease: what came of it, and how it ended. Grows with every fact; not thread-safe.
///
/// - Only leases whose issue was seen count: of others nobody knows what is missing.
/// - A sample counts for its lease also when its fact comes after the lease's end: the learner and the controller
///   tell the recorder each for themselves. The last copy of a sample counts.
/// - What a new life goes back behind did not happen: no lease is open then, and those that ended after its commit
///   have not ended. A lease that is issued again had not ended either, whatever was said of it.
public final class LeaseHistory {
    private final Map<LeaseId, Work> open = new HashMap<>(); // what has come of leases that have not ended
    private final Map<LeaseId, Ended> ended = new HashMap<>();

    /// A response that came.
    public record Sample(int tokens, boolean correct) {}

    /// What came of a lease.
    public static final class Work {
        private final String promptId;
        private final Map<Integer, Sample> samples = new HashMap<>(); // by index
        private Optional<String> difficulty = Optional.empty();

        private Work(String promptId) {
            this.promptId = promptId;
        }

        private void add(ScoredRollout trajectory) {
            Rollout rollout = trajectory.rollout();
            difficulty = Optional.of(rollout.task().difficulty());
            samples.put(
                    rollout.sampleIndex(),
                    new Sample(rollout.response().size(), trajectory.score().correct()));
        }

        public String promptId() {
            return promptId;
        }

        /// As the lease's task says; empty while no response came, for the issue of a lease does not tell it.
        public Optional<String> difficulty() {
            return difficulty;
        }

        public Collection<Sample> samples() {
            return Collections.unmodifiableCollection(samples.values());
        }
    }

    /// @param at the learner's version then
    public record Ended(Outcome outcome, PolicyVersion at, Work work) {}

    public void add(RunFact fact) {
        switch (fact) {
            case RunFact.LeaseIssued issued -> issued(issued);
            case RunFact.TrajectoryTaken(ScoredRollout trajectory) -> taken(trajectory);
            case RunFact.LeaseEnded end -> ended(end);
            case RunFact.IncarnationBegan began -> goneBackTo(began.from().orElse(PolicyVersion.BASE));
            case RunFact.StepFinished _,
                    RunFact.CheckpointWritten _,
                    RunFact.LearnerStarted _,
                    RunFact.TroubleFound _,
                    RunFact.AlertRaised _,
                    RunFact.AlertCleared _,
                    RunFact.LoopMoved _,
                    RunFact.MemoryShort _,
                    RunFact.WeightsMade _,
                    RunFact.StageAdvanced _ -> {}
        }
    }

    /// How leases ended, in no order.
    public Collection<Ended> ended() {
        return Collections.unmodifiableCollection(ended.values());
    }

    /// Samples of those that come yet are forgotten too.
    void forgetEnded() {
        ended.clear();
    }

    /// A first attempt has no sample; a later one keeps what came of those before.
    private void issued(RunFact.LeaseIssued issued) {
        if (issued.attempt() == 1 || !open.containsKey(issued.lease())) {
            open.put(issued.lease(), new Work(issued.promptId()));
            ended.remove(issued.lease());
        }
    }

    private void taken(ScoredRollout trajectory) {
        LeaseId lease = trajectory.rollout().lease();
        Work work = open.get(lease);
        if (work != null) {
            work.add(trajectory);
            return;
        }
        Ended end = ended.get(lease);
        if (end != null) {
            end.work().add(trajectory);
        }
    }

    private void ended(RunFact.LeaseEnded end) {
        Work work = open.remove(end.lease());
        if (work != null) {
            ended.put(end.lease(), new Ended(end.outcome(), end.at(), work));
        }
    }

    private void goneBackTo(PolicyVersion from) {
        open.clear();
        ended.values().removeIf(end -> end.at().compareTo(from) > 0);
    }
}
