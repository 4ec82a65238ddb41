package io.railhead.app.replay;

import io.railhead.actors.incarnation.Lineage;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import io.railhead.learner.BatchLimits;
import io.railhead.learner.GroupBuffer;
import io.railhead.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.pcollections.TreePMap;

/// Makes train steps of the facts of a log, one fact after the other. Immutable.
///
/// - Steps come whole, each after the version before it, with their groups in the order that was trained.
/// - What a life did after the commit that the next one went on from is left out.
/// - A fact of the learner may be in the log after the controller's: a step waits for its samples, at most until a
///   commit of its version or a later one, before which the learner has all of its facts written. Steps beyond the
///   commit may be recorded before it: it became durable beside them.
/// - It holds the samples of leases that are open, never more than `SLACK` times what the learner may hold.
///
/// Does not know: files, policies, settings.
///
/// @param lineage of the whole log
/// @param last version whose step was made
/// @param waiting steps whose samples have not all come, and what comes after them
/// @param trouble of the step that is about to finish: its whole batch goes into the step, for what was left out of
///     it is left out again
public record LogFold(
        Lineage lineage,
        Incarnation life,
        BatchLimits limits,
        GroupBuffer buffer,
        PolicyVersion last,
        List<RunFact> waiting,
        Optional<RunFact.TroubleFound> trouble) {
    private static final int SLACK = 4; // the log's order of samples and ends of leases is not the learner's own

    public LogFold {
        waiting = List.copyOf(waiting);
    }

    /// Before the first fact.
    ///
    /// @param limits of a log that does not say which life it begins with
    public static LogFold start(Lineage lineage, BatchLimits limits) {
        return new LogFold(
                lineage, Incarnation.NONE, limits, bufferOf(limits), PolicyVersion.BASE, List.of(), Optional.empty());
    }

    /// What a fact led to.
    public record Next(LogFold fold, List<Recorded> made) {
        public Next {
            made = List.copyOf(made);
        }
    }

    /// A new life: nothing that its learner did not take in itself is trained.
    ///
    /// @throws IncompleteLogException if a step of the life before that counts is not whole
    public LogFold beginning(Incarnation begun, BatchLimits ofLife) throws IncompleteLogException {
        end();
        return new LogFold(lineage, begun, ofLife, bufferOf(ofLife), last, List.of(), Optional.empty());
    }

    /// Any other fact.
    ///
    /// @throws IncompleteLogException if a step that counts cannot be whole any more
    public Next after(RunFact fact) throws IncompleteLogException {
        return switch (fact) {
            case RunFact.TrajectoryTaken(var trajectory) ->
                with(buffer.offer(trajectory).next()).drained();
            case RunFact.LeaseEnded ended -> new Next(afterLease(ended), List.of());
            case RunFact.TroubleFound found ->
                new Next(new LogFold(lineage, life, limits, buffer, last, waiting, Optional.of(found)), List.of());
            case RunFact.StepFinished step ->
                counts(step.version())
                        ? plus(whole(step)).drained()
                        : new Next(
                                with(buffer.drop(whole(step).trained()).dropOlderThan(floor(step.version()))),
                                List.of());
            case RunFact.CheckpointWritten written ->
                counts(written.version()) ? plus(written).drainedUpTo(written.version()) : new Next(this, List.of());
            case RunFact.WeightsMade weights ->
                counts(weights.version())
                        ? new Next(this, List.of(new Recorded.Weights(life, weights.version(), weights.root())))
                        : new Next(this, List.of());
            case RunFact.IncarnationBegan began ->
                throw new IllegalArgumentException("a life begins with its limits: " + began);
            case RunFact.LeaseIssued _,
                    RunFact.StageAdvanced _,
                    RunFact.LearnerStarted _,
                    RunFact.AlertRaised _,
                    RunFact.AlertCleared _,
                    RunFact.LoopMoved _,
                    RunFact.MemoryShort _ -> new Next(this, List.of());
        };
    }

    /// The log is over, or the life is.
    ///
    /// @throws IncompleteLogException if a step that counts is not whole
    public void end() throws IncompleteLogException {
        for (RunFact fact : waiting) {
            if (fact instanceof RunFact.StepFinished step) {
                throw missing(step);
            }
        }
    }

    private boolean counts(PolicyVersion version) {
        return lineage.holds(life, version);
    }

    /// A trained lease ends before its step is recorded, so the step takes it.
    private LogFold afterLease(RunFact.LeaseEnded ended) {
        boolean ofStep = ended.outcome() == RunFact.LeaseEnded.Outcome.TRAINED
                || trouble.map(found -> found.batch().contains(ended.lease())).orElse(false);
        return ofStep ? this : with(buffer.drop(Set.of(ended.lease())));
    }

    /// With all of its batch, where trouble left some of it out.
    private RunFact.StepFinished whole(RunFact.StepFinished step) {
        return trouble.filter(found -> found.version().equals(step.version()))
                .map(found -> new RunFact.StepFinished(
                        step.version(), step.stage(), found.batch(), step.ledger(), step.metrics()))
                .orElse(step);
    }

    private Next drainedUpTo(PolicyVersion committed) throws IncompleteLogException {
        Next next = drained();
        for (RunFact fact : next.fold().waiting()) {
            if (fact instanceof RunFact.StepFinished step && step.version().compareTo(committed) <= 0) {
                throw missing(step);
            }
        }
        return next;
    }

    private Next drained() throws IncompleteLogException {
        LogFold fold = this;
        List<Recorded> made = new ArrayList<>();
        while (!fold.waiting.isEmpty()) {
            RunFact first = fold.waiting.getFirst();
            if (first instanceof RunFact.StepFinished step) {
                fold.requireNext(step.version());
                if (!fold.lacking(step.trained()).isEmpty()) {
                    break;
                }
                GroupBuffer.Taken taken = fold.buffer.take(step.trained());
                made.add(Recorded.Step.of(life, step.version(), step.stage(), taken.groups(), step.metrics()));
                fold = fold.made(step.version(), taken.next());
            } else if (first instanceof RunFact.CheckpointWritten written) {
                made.add(new Recorded.Commit(life, written.version()));
                fold = fold.made(fold.last, fold.buffer);
            }
        }
        return new Next(fold, made);
    }

    private void requireNext(PolicyVersion version) throws IncompleteLogException {
        if (!version.equals(last.next())) {
            throw new IncompleteLogException("the log lacks the step to %s: %s follows %s in life %s"
                    .formatted(last.next(), version, last, life));
        }
    }

    private List<LeaseId> lacking(Collection<LeaseId> leases) {
        return leases.stream()
                .filter(lease -> samplesOf(lease).size() < limits.groupSize())
                .toList();
    }

    private Map<Integer, ?> samplesOf(LeaseId lease) {
        return buffer.open().getOrDefault(lease, TreePMap.empty());
    }

    private IncompleteLogException missing(RunFact.StepFinished step) {
        LeaseId lease = lacking(step.trained()).getFirst();
        TreeSet<Integer> absent =
                new TreeSet<>(IntStream.range(0, limits.groupSize()).boxed().toList());
        absent.removeAll(samplesOf(lease).keySet());
        return new IncompleteLogException("the step to %s cannot be replayed: the log lacks sample %s of %s"
                .formatted(
                        step.version(),
                        String.join(", ", absent.stream().map(String::valueOf).toList()),
                        lease));
    }

    private LogFold with(GroupBuffer next) {
        return new LogFold(lineage, life, limits, next, last, waiting, trouble);
    }

    private LogFold plus(RunFact fact) {
        List<RunFact> more = new ArrayList<>(waiting);
        more.add(fact);
        return new LogFold(lineage, life, limits, buffer, last, more, trouble);
    }

    /// The first that waited is done.
    private LogFold made(PolicyVersion version, GroupBuffer next) {
        return new LogFold(
                lineage,
                life,
                limits,
                next.dropOlderThan(floor(version)),
                version,
                waiting.subList(1, waiting.size()),
                trouble.filter(found -> found.version().compareTo(version) > 0));
    }

    private PolicyVersion floor(PolicyVersion version) {
        return new PolicyVersion(Math.max(0, version.number() - limits.maxStaleness()));
    }

    private static GroupBuffer bufferOf(BatchLimits limits) {
        int leases = Math.multiplyExact(limits.groupsPerStep(), limits.maxStaleness() + 2);
        return GroupBuffer.empty(limits.groupSize(), Math.multiplyExact(SLACK, leases));
    }
}
