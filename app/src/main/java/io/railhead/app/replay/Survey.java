package io.railhead.app.replay;

import io.railhead.actors.incarnation.Birth;
import io.railhead.actors.incarnation.Lineage;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.RunFact;
import io.railhead.policy.PolicyVersion;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What has to be known of a whole log before its first step is done: which lives there were, and how far each came.
/// Immutable.
///
/// @param started what each life's learner made its steps with, where the log says so
/// @param life that the facts to come are of
/// @param newest version that each life made
/// @param steps made by all lives, those that do not count included
public record Survey(
        Lineage lineage,
        Map<Incarnation, RunFact.LearnerStarted> started,
        Incarnation life,
        Map<Incarnation, PolicyVersion> newest,
        long steps) {
    public static final Survey EMPTY = new Survey(Lineage.EMPTY, Map.of(), Incarnation.NONE, Map.of(), 0);

    public Survey {
        started = Map.copyOf(started);
        newest = Map.copyOf(newest);
    }

    public Survey after(RunFact fact) {
        return switch (fact) {
            case RunFact.IncarnationBegan began ->
                new Survey(
                        lineage.plus(new Birth(began.incarnation(), began.parent(), began.from())),
                        started,
                        began.incarnation(),
                        newest,
                        steps);
            case RunFact.StepFinished step -> {
                Map<Incarnation, PolicyVersion> further = new TreeMap<>(newest);
                further.put(life, step.version());
                yield new Survey(lineage, started, life, further, steps + 1);
            }
            case RunFact.LearnerStarted learner -> {
                Map<Incarnation, RunFact.LearnerStarted> more = new TreeMap<>(started);
                more.put(learner.incarnation(), learner);
                yield new Survey(lineage, more, life, newest, steps);
            }
            case RunFact.TrajectoryTaken _,
                    RunFact.TroubleFound _,
                    RunFact.AlertRaised _,
                    RunFact.AlertCleared _,
                    RunFact.LoopMoved _,
                    RunFact.MemoryShort _,
                    RunFact.WeightsMade _,
                    RunFact.LeaseIssued _,
                    RunFact.LeaseEnded _,
                    RunFact.CheckpointWritten _,
                    RunFact.StageAdvanced _ -> this;
        };
    }

    /// The newest version that counts; [PolicyVersion#BASE] if none does.
    public PolicyVersion last() {
        PolicyVersion last = PolicyVersion.BASE;
        for (Map.Entry<Incarnation, PolicyVersion> entry : newest.entrySet()) {
            PolicyVersion version = entry.getValue();
            while (version.compareTo(last) > 0 && !lineage.holds(entry.getKey(), version)) {
                version = new PolicyVersion(version.number() - 1);
            }
            last = version.compareTo(last) > 0 ? version : last;
        }
        return last;
    }

    /// The lives that count, each of which went on from a commit of the one before.
    public List<Incarnation> chain() {
        Deque<Incarnation> chain = new ArrayDeque<>();
        Optional<Birth> birth = lineage.newest();
        while (birth.isPresent()) {
            chain.addFirst(birth.get().incarnation());
            Incarnation parent = birth.get().parent();
            if (birth.get().from().isPresent() && parent.equals(Incarnation.NONE)) {
                chain.addFirst(parent); // from before the run kept a record of its lives
            }
            birth = Optional.ofNullable(lineage.births().get(parent));
        }
        return chain.isEmpty() ? List.of(Incarnation.NONE) : List.copyOf(chain);
    }

    public long lives() {
        return Math.max(1, lineage.births().size());
    }

    /// Steps that were made and undone.
    public long undone() {
        return steps - last().number();
    }
}
