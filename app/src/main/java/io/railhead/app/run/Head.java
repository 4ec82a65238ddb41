package io.railhead.app.run;

import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.incarnation.FencedException;
import io.railhead.actors.incarnation.Incarnations;
import io.railhead.actors.incarnation.Muster;
import io.railhead.actors.protocol.HeadCommand;
import io.railhead.actors.protocol.HeadStatus;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.MemberCommand;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/// Leads a run: begins its lives, and ends it. A cluster has one, on its oldest node with the role controller.
///
/// A life is one stage controller with its recorder, here, and the one learner that it works with, wherever that
/// is. It begins with the run's last commit. When the learner is lost or another one comes, or when this actor is
/// lost and starts elsewhere, the next life begins, so both always go on from one commit.
///
/// - *waiting*: another head was alive a moment ago, by the run directory -> *leading* when it has been silent
///   for long enough, or has ended -> broken when it lives on: this node is then in another cluster than it
/// - *leading* a life -> *changing*: the controller is being stopped -> *leading* the next one
/// - *leading* -> *over*: the controller had its last word; members are told until they have left
/// - any -> broken: the node is to end. A head that finds that another one has begun (it was frozen) is always
///   broken, whatever its controller says
///
/// Delivery: members repeat `Join` until they know the present life, so any message may be lost.
///
/// Needs a dispatcher that may block, for files. Does not know: leases, weights, who is downed when.
final class Head extends AbstractMatchingBehavior<HeadCommand> {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration TOUCH = Duration.ofSeconds(2);
    private static final int PATIENCE = 3; // times the silence after which another head counts as dead
    static final Duration GOODBYE = Duration.ofSeconds(10); // for members to leave a run that is over

    /// What a head is made with.
    ///
    /// @param who for people: the node's address
    /// @param takeover silence after which another head counts as dead
    /// @param stallTimeout a run without a train step for so long fails
    /// @param node hears what becomes of this head
    record Charge(
            Incarnations lives,
            String who,
            Duration takeover,
            Duration stallTimeout,
            Commits commits,
            Lives controllers,
            ActorRef<Word> node) {}

    /// Where the run's commits are.
    interface Commits {
        Checkpoints.Latest latest() throws CheckpointException;
    }

    /// Makes the controller's side of a life.
    interface Lives {
        /// @param facts hears every fact
        /// @param ended hears how the life ended, on any thread
        Behavior<NodeLife.Command> controller(
                Life life, Optional<Checkpoints.Checkpoint> from, Consumer<RunFact> facts, Consumer<RunEnded> ended)
                throws IOException;
    }

    /// What the node hears.
    sealed interface Word {}

    /// The head is here.
    record Leads(ActorRef<HeadCommand> head) implements Word {}

    /// The head is not here any more.
    record LeadsNoMore() implements Word {}

    /// The run is over, or this node cannot lead it: the node is to end.
    record NodeEnds(RunEnded end) implements Word {}

    sealed interface Event extends HeadCommand.Internal {}

    /// Finish the step in hand and commit. Then the run is over, unless there is another node that can lead it.
    record StopLeading(boolean handOver) implements Event {}

    private record MemberLost(String id, ActorRef<MemberCommand> member) implements Event {}

    private record LifeEnded(Incarnation life, RunEnded end) implements Event {}

    private record LifeStopped(Incarnation life) implements Event {}

    private record StepMade() implements Event {}

    private record CommitRecorded(PolicyVersion version) implements Event {}

    private record Stalled(String waits) implements Event {}

    private enum Timer implements Event {
        LOOK,
        TOUCH,
        STALL,
        GOODBYE
    }

    private record Leading(Life life, ActorRef<NodeLife.Command> controller, ActorRef<Spokesman.Command> spokesman) {}

    private final Charge charge;
    private final TimerScheduler<HeadCommand> timers;
    private final Map<String, ActorRef<MemberCommand>> members = new HashMap<>(); // by id, as in the muster
    private final Instant since = Instant.now();
    private Muster muster = Muster.EMPTY;
    private Optional<Leading> leading = Optional.empty();
    private Optional<RunEnded> over = Optional.empty();
    private Optional<PolicyVersion> recorded = Optional.empty(); // the last commit that the recorder has written
    private Optional<String> waitsFor = Optional.empty();
    private boolean handOver;

    static Behavior<HeadCommand> create(Charge charge) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Head(context, timers, charge)));
    }

    private Head(ActorContext<HeadCommand> context, TimerScheduler<HeadCommand> timers, Charge charge) {
        super(context);
        this.timers = timers;
        this.charge = charge;
        charge.node().tell(new Leads(context.getSelf()));
        context.getSystem().receptionist().tell(Receptionist.register(ServiceKeys.HEAD, context.getSelf()));
        timers.startTimerWithFixedDelay(Timer.LOOK, Duration.ZERO, LOOK);
        timers.startTimerWithFixedDelay(Timer.TOUCH, TOUCH);
        timers.startSingleTimer(Timer.STALL, charge.stallTimeout());
    }

    @Override
    public Behavior<HeadCommand> onMessage(HeadCommand command) {
        return switch (command) {
            case HeadCommand.Join(String id, Incarnation known, ActorRef<MemberCommand> member) ->
                onJoin(id, member, muster.joined(id, known));
            case HeadCommand.JoinAsLearner(String id, Incarnation known, ActorRef<MemberCommand> member) ->
                onJoin(id, member, muster.joinedAsLearner(id, known));
            case HeadCommand.Leave(String id) -> onLeft(id);
            case HeadCommand.GetStatus(ActorRef<HeadStatus> replyTo) -> onGetStatus(replyTo);
            case HeadCommand.Internal internal -> onEvent((Event) internal);
        };
    }

    private Behavior<HeadCommand> onEvent(Event event) {
        return switch (event) {
            case Timer.LOOK -> onLook();
            case Timer.TOUCH -> onTouch();
            case Timer.STALL -> onStall();
            case Timer.GOODBYE -> over.map(this::nodeEnds).orElse(this);
            case MemberLost(String id, ActorRef<MemberCommand> member) ->
                member.equals(members.get(id)) ? onLeft(id) : this;
            case StopLeading(boolean toOther) -> onStopLeading(toOther);
            case LifeEnded(Incarnation life, RunEnded end) -> onLifeEnded(life, end);
            case LifeStopped(Incarnation life) -> onLifeStopped(life);
            case StepMade _ -> progress();
            case CommitRecorded(PolicyVersion version) -> onCommitRecorded(version);
            case Stalled(String waits) -> onStalled(waits);
        };
    }

    @Override
    public Behavior<HeadCommand> onSignal(Signal signal) {
        if (signal instanceof PostStop) { // after the controller and the recorder
            charge.node().tell(new LeadsNoMore());
            leading.ifPresent(gone -> end(gone.life().incarnation()));
            return this;
        }
        return Behaviors.unhandled(); // else a singleton's order to stop counts as obeyed
    }

    private Behavior<HeadCommand> onJoin(String id, ActorRef<MemberCommand> member, Muster.Step step) {
        ActorRef<MemberCommand> before = members.put(id, member);
        if (!member.equals(before)) {
            if (before != null) {
                getContext().unwatch(before);
            }
            getContext().watchWith(member, new MemberLost(id, member));
        }
        if (over.isPresent()) {
            tellOver(member);
            return this;
        }
        return follow(step, member);
    }

    private Behavior<HeadCommand> onCommitRecorded(PolicyVersion version) {
        recorded = Optional.of(version);
        return depart();
    }

    private Behavior<HeadCommand> onLeft(String id) {
        ActorRef<MemberCommand> member = members.remove(id);
        if (member == null) {
            return this;
        }
        getContext().unwatch(member);
        Muster.Step step = muster.left(id);
        if (over.isPresent()) {
            muster = step.next();
            return depart();
        }
        return follow(step, member);
    }

    private Behavior<HeadCommand> follow(Muster.Step step, ActorRef<MemberCommand> member) {
        muster = step.next();
        switch (step.decision()) {
            case NOTHING -> {}
            case TELL -> member.tell(new MemberCommand.LifeBegan(muster.life()));
            case NEXT_LIFE -> {
                getContext().getLog().warn("{} of the run ends: its learner is gone", muster.life());
                leading.ifPresent(present -> getContext().stop(present.controller()));
            }
        }
        return this;
    }

    /// Waits while another head lives.
    private Behavior<HeadCommand> onLook() {
        try {
            Optional<Incarnation> other = charge.lives().living(charge.takeover());
            if (other.isEmpty()) {
                return begin();
            }
            if (waitsFor.isEmpty()) {
                waitsFor = Optional.of("the head of %s (%s), which was alive less than %s ago"
                        .formatted(other.get(), charge.lives().whoIs(other.get()), charge.takeover()));
                getContext().getLog().info("waiting for {}", waitsFor.get());
            }
            Duration waited = Duration.between(since, Instant.now());
            return waited.compareTo(charge.takeover().multipliedBy(PATIENCE)) < 0
                    ? this
                    : broken("it still waits after %s for %s: that one is not in the cluster of this node"
                            .formatted(waited, waitsFor.get()));
        } catch (IOException | CheckpointException e) {
            return broken("the run directory cannot be read: " + e.getMessage());
        }
    }

    private Behavior<HeadCommand> begin() throws IOException, CheckpointException {
        Incarnation claimed;
        try {
            claimed = charge.lives().claim();
        } catch (FencedException _) { // another head was faster, and lives
            return this;
        }
        Checkpoints.Latest latest = charge.commits().latest(); // not before the claim: nothing counts that comes later
        if (latest.checkpoint().isEmpty() && !latest.skipped().isEmpty()) {
            throw latest.skipped().getFirst();
        }
        timers.cancel(Timer.LOOK);
        waitsFor = Optional.empty();
        Life life = Life.begun(charge.lives(), claimed, latest.checkpoint(), charge.who());
        ActorRef<HeadCommand> self = getContext().getSelf();
        ActorRef<NodeLife.Command> controller = getContext()
                .spawn(
                        charge.controllers()
                                .controller(
                                        life,
                                        latest.checkpoint(),
                                        fact -> onFact(self, fact),
                                        end -> self.tell(new LifeEnded(claimed, end))),
                        "life-" + claimed);
        getContext().watchWith(controller, new LifeStopped(claimed));
        ActorRef<Spokesman.Command> spokesman =
                getContext().spawn(Spokesman.create(claimed, controller), "spokesman-" + claimed);
        leading = Optional.of(new Leading(life, controller, spokesman));
        muster = muster.begun(claimed);
        muster.members().stream()
                .flatMap(id -> Stream.ofNullable(members.get(id)))
                .forEach(member -> member.tell(new MemberCommand.LifeBegan(claimed)));
        getContext()
                .getLog()
                .info(
                        "{} of the run begins at {}",
                        claimed,
                        life.from().map(Object::toString).orElse("its start"));
        return progress();
    }

    /// On the recorder's thread.
    private static void onFact(ActorRef<HeadCommand> self, RunFact fact) {
        if (fact instanceof RunFact.StepFinished) {
            self.tell(new StepMade());
        } else if (fact instanceof RunFact.CheckpointWritten written) {
            self.tell(new CommitRecorded(written.version()));
        }
    }

    private Behavior<HeadCommand> onTouch() {
        if (leading.isEmpty()) {
            return this;
        }
        try {
            charge.lives().touch(leading.get().life().incarnation());
            return this;
        } catch (FencedException e) {
            return broken(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            getContext().getLog().warn("the run directory cannot be written: {}", e.toString());
            return this;
        }
    }

    private Behavior<HeadCommand> onLifeStopped(Incarnation life) {
        if (over.isPresent()) {
            return this;
        }
        if (!muster.changing()) {
            return broken("the controller of " + life + " stopped by itself");
        }
        try {
            return begin();
        } catch (IOException | CheckpointException e) {
            return broken("the next life cannot begin: " + e.getMessage());
        }
    }

    private Behavior<HeadCommand> onStopLeading(boolean toOther) {
        handOver = toOther;
        if (leading.isEmpty()) {
            return nodeEnds(ended(RunEnded.Outcome.STOPPED, "another head leads the run"));
        }
        leading.get().controller().tell(new NodeLife.Stop());
        return this;
    }

    private Behavior<HeadCommand> onLifeEnded(Incarnation life, RunEnded end) {
        if (over.isPresent() || !life.equals(muster.life()) || muster.changing()) {
            return this;
        }
        try {
            charge.lives().fence(life).check();
        } catch (FencedException e) {
            return broken(String.valueOf(e.getMessage()));
        }
        over = Optional.of(end);
        handOver = handOver && end.outcome() == RunEnded.Outcome.STOPPED;
        members.values().forEach(this::tellOver);
        timers.startSingleTimer(Timer.GOODBYE, GOODBYE);
        return depart();
    }

    private Behavior<HeadCommand> onStall() {
        if (over.isPresent()) {
            return this;
        }
        if (leading.isEmpty()) {
            return onStalled(waitsFor.orElse("nothing"));
        }
        ActorRef<NodeLife.Command> controller = leading.get().controller();
        getContext()
                .ask(
                        RunStatus.class,
                        controller,
                        Duration.ofSeconds(3),
                        NodeLife.AskStatus::new,
                        (status, failure) -> new Stalled(
                                failure == null ? RunWatch.sentence(status) : "the stage controller does not answer"));
        return this;
    }

    private Behavior<HeadCommand> onStalled(String waits) {
        RunEnded end =
                ended(RunEnded.Outcome.FAILED, "no train step for %s: %s".formatted(charge.stallTimeout(), waits));
        return leading.map(present -> onLifeEnded(muster.life(), end)).orElseGet(() -> nodeEnds(end));
    }

    private Behavior<HeadCommand> progress() {
        timers.startSingleTimer(Timer.STALL, charge.stallTimeout());
        return this;
    }

    private Behavior<HeadCommand> onGetStatus(ActorRef<HeadStatus> replyTo) {
        List<String> ids = members.keySet().stream().sorted().toList();
        if (leading.isPresent() && over.isEmpty()) {
            leading.get().spokesman().tell(new Spokesman.Ask(ids, replyTo));
            return this;
        }
        RunEnded end = over.orElse(ended(RunEnded.Outcome.STOPPED, ""));
        String whom = over.isPresent() ? "the members to leave: the run is over" : waitsFor.orElse("its first look");
        RunStatus.Wait wait = new RunStatus.Wait("head", whom, since.toString());
        replyTo.tell(new HeadStatus(
                muster.life(),
                ids,
                new RunStatus(end.version(), "", end.ledger(), 0, RunStatus.Demand.NONE, List.of(wait))));
        return this;
    }

    /// Members of a run that goes on elsewhere hear nothing.
    private void tellOver(ActorRef<MemberCommand> member) {
        over.filter(_ -> !handOver).ifPresent(end -> member.tell(new MemberCommand.RunIsOver(end)));
    }

    /// Goes last, when all facts are written.
    private Behavior<HeadCommand> depart() {
        boolean written = over.map(
                        end -> end.outcome() == RunEnded.Outcome.FAILED || recorded.equals(Optional.of(end.version())))
                .orElse(false);
        return written && (handOver || members.isEmpty())
                ? over.map(this::nodeEnds).orElse(this)
                : this;
    }

    private Behavior<HeadCommand> broken(String cause) {
        timers.cancel(Timer.LOOK);
        getContext().getLog().error("this node leads the run no more: {}", cause);
        return nodeEnds(ended(RunEnded.Outcome.FAILED, cause));
    }

    private Behavior<HeadCommand> nodeEnds(RunEnded end) {
        charge.node().tell(new NodeEnds(end));
        return this;
    }

    private void end(Incarnation life) {
        try {
            charge.lives().end(life);
        } catch (IOException e) { // others take over when it has been silent for long enough
            getContext().getLog().warn("the end of {} cannot be written: {}", life, e.toString());
        }
    }

    private static RunEnded ended(RunEnded.Outcome outcome, String cause) {
        return new RunEnded(PolicyVersion.BASE, LedgerCounts.ZERO, outcome, cause);
    }
}
