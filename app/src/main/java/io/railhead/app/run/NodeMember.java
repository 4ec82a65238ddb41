package io.railhead.app.run;

import io.railhead.actors.cluster.Role;
import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.HeadCommand;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.MemberCommand;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/// Takes part in a run with some of a node's roles, life after life.
///
/// The conversation: it looks for the run's [Head], says again and again who it is and which life it knows, and
/// is told of the present one. Then everything of the life before is stopped, and when it is gone that of the
/// present one is started: engines and policies are large, so there is never more than one of each.
///
/// - *looking*: no head is known. Beyond a deadline it gives up
/// - *idle* (a head, but no life yet) -> *living* on `LifeBegan` -> *ending* on a newer one -> *living*
/// - *draining* on `Drain`: what is in hand is finished or handed back, then it is over
///
/// Any message may be lost: `Join` is repeated until the head has nothing new to say.
///
/// Does not know: what its roles do.
final class NodeMember extends AbstractMatchingBehavior<MemberCommand> {
    private static final Duration JOIN_AGAIN = Duration.ofSeconds(1);

    sealed interface Event extends MemberCommand.Internal {}

    private record HeadsFound(Set<ActorRef<HeadCommand>> heads) implements Event {}

    private record LifeStopped(Incarnation life) implements Event {}

    private record Broke(Incarnation life, RunEnded end) implements Event {}

    private enum Timer implements Event {
        JOIN,
        NO_HEAD
    }

    /// Finish or hand back what is in hand, take nothing new, and say so.
    record Drain() implements Event {}

    private enum Drained implements Event {
        DONE
    }

    private record Part(String id, Set<Role> roles, Duration headTimeout, LifeMaker lives, Consumer<RunEnded> over) {}

    private record Living(Incarnation incarnation, ActorRef<NodeLife.Command> actors) {}

    private final Part part;
    private final TimerScheduler<MemberCommand> timers;
    private Set<ActorRef<HeadCommand>> heads = Set.of();
    private Incarnation known = Incarnation.NONE;
    private Optional<Living> living = Optional.empty();
    private boolean draining;

    /// Makes what a node does in a life.
    interface LifeMaker {
        /// @param broke hears, on any thread, that the life cannot go on here
        Behavior<NodeLife.Command> make(Incarnation life, Consumer<RunEnded> broke) throws IOException;
    }

    /// @param id unique in the run, and another one for another node
    /// @param roles that this member plays
    /// @param headTimeout how long to wait for a head, and for the next one
    /// @param over hears that this member has nothing more to do, and why; at least once
    static Behavior<MemberCommand> create(
            String id, Set<Role> roles, Duration headTimeout, LifeMaker lives, Consumer<RunEnded> over) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new NodeMember(context, timers, new Part(id, roles, headTimeout, lives, over))));
    }

    private NodeMember(ActorContext<MemberCommand> context, TimerScheduler<MemberCommand> timers, Part part) {
        super(context);
        this.part = part;
        this.timers = timers;
        ActorRef<Receptionist.Listing> found = context.messageAdapter(
                Receptionist.Listing.class, listing -> new HeadsFound(listing.getServiceInstances(ServiceKeys.HEAD)));
        context.getSystem().receptionist().tell(Receptionist.subscribe(ServiceKeys.HEAD, found));
        timers.startTimerWithFixedDelay(Timer.JOIN, JOIN_AGAIN);
        timers.startSingleTimer(Timer.NO_HEAD, part.headTimeout());
    }

    @Override
    public Behavior<MemberCommand> onMessage(MemberCommand command) {
        return switch (command) {
            case MemberCommand.LifeBegan(Incarnation incarnation) -> onLifeBegan(incarnation);
            case MemberCommand.RunIsOver(RunEnded end) -> onRunIsOver(end);
            case MemberCommand.Internal internal -> onEvent((Event) internal);
        };
    }

    private Behavior<MemberCommand> onEvent(Event event) {
        return switch (event) {
            case HeadsFound(Set<ActorRef<HeadCommand>> found) -> onHeadsFound(found);
            case LifeStopped(Incarnation life) -> onLifeStopped(life);
            case Broke(Incarnation life, RunEnded end) -> onBroke(life, end);
            case Timer.JOIN -> join();
            case Timer.NO_HEAD -> onNoHead();
            case Drain _ -> onDrain();
            case Drained.DONE -> over(RunEnded.Outcome.STOPPED, "");
        };
    }

    @Override
    public Behavior<MemberCommand> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            heads.forEach(head -> head.tell(new HeadCommand.Leave(part.id())));
            return this;
        }
        return Behaviors.unhandled(); // else a singleton's order to stop counts as obeyed
    }

    private Behavior<MemberCommand> onLifeBegan(Incarnation incarnation) {
        timers.startSingleTimer(Timer.NO_HEAD, part.headTimeout());
        if (incarnation.compareTo(known) <= 0 || draining) {
            return this;
        }
        known = incarnation;
        getContext().getLog().info("{} of the run began", incarnation);
        if (living.isPresent()) {
            getContext().stop(living.get().actors());
            return this;
        }
        return start();
    }

    /// Stops, which tells the head that nobody has to be waited for.
    private Behavior<MemberCommand> onRunIsOver(RunEnded end) {
        part.over().accept(end);
        return Behaviors.stopped();
    }

    private Behavior<MemberCommand> onHeadsFound(Set<ActorRef<HeadCommand>> found) {
        heads = Set.copyOf(found);
        if (!heads.isEmpty()) {
            timers.startSingleTimer(Timer.NO_HEAD, part.headTimeout());
        }
        return join();
    }

    /// The life that was stopped is gone: the newest one may start.
    private Behavior<MemberCommand> onLifeStopped(Incarnation life) {
        living = Optional.empty();
        if (life.equals(known)) {
            return over(RunEnded.Outcome.FAILED, "what the node does in " + life + " stopped by itself");
        }
        return start();
    }

    private Behavior<MemberCommand> onBroke(Incarnation life, RunEnded end) {
        if (life.equals(known)) {
            part.over().accept(end);
        }
        return this;
    }

    /// A head that is there and says nothing is looked at by its own watchers; without one there is only the
    /// deadline.
    private Behavior<MemberCommand> onNoHead() {
        if (heads.isEmpty()) {
            return over(
                    RunEnded.Outcome.FAILED,
                    "no node with the role controller leads the run for " + part.headTimeout());
        }
        timers.startSingleTimer(Timer.NO_HEAD, part.headTimeout());
        return this;
    }

    private Behavior<MemberCommand> onDrain() {
        draining = true;
        if (living.isEmpty()) {
            return over(RunEnded.Outcome.STOPPED, "");
        }
        ActorRef<MemberCommand> self = getContext().getSelf();
        living.get().actors().tell(new NodeLife.Drain(() -> self.tell(Drained.DONE)));
        return this;
    }

    private Behavior<MemberCommand> join() {
        HeadCommand message = part.roles().contains(Role.LEARNER)
                ? new HeadCommand.JoinAsLearner(part.id(), known, getContext().getSelf())
                : new HeadCommand.Join(part.id(), known, getContext().getSelf());
        heads.forEach(head -> head.tell(message));
        return this;
    }

    private Behavior<MemberCommand> start() {
        ActorRef<MemberCommand> self = getContext().getSelf();
        Incarnation life = known;
        Behavior<NodeLife.Command> behavior;
        try {
            behavior = part.lives().make(life, end -> self.tell(new Broke(life, end)));
        } catch (IOException e) {
            return over(RunEnded.Outcome.FAILED, life + " cannot start here: " + e.getMessage());
        }
        ActorRef<NodeLife.Command> actors = getContext().spawn(behavior, "life-" + life);
        getContext().watchWith(actors, new LifeStopped(known));
        living = Optional.of(new Living(known, actors));
        return this;
    }

    private Behavior<MemberCommand> over(RunEnded.Outcome outcome, String cause) {
        part.over().accept(new RunEnded(PolicyVersion.BASE, LedgerCounts.ZERO, outcome, cause));
        return this;
    }
}
