package io.railhead.app.run;

import io.railhead.actors.protocol.HeadStatus;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.policy.PolicyVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Says how one life of a run is: as its stage controller says, or, if that does not answer in time, since when it does
/// not. Every question is answered. Stops with the life.
final class Spokesman extends AbstractMatchingBehavior<Spokesman.Command> {
    private static final Duration ANSWER = Duration.ofSeconds(2); // below railhead.http.deadline's default

    sealed interface Command {}

    record Ask(List<String> members, ActorRef<HeadStatus> replyTo) implements Command {}

    private record Heard(Ask question, RunStatus status) implements Command {}

    private record Silent(Ask question) implements Command {}

    private final Incarnation life;
    private final ActorRef<NodeLife.Command> controller;
    private RunStatus last = new RunStatus(
            PolicyVersion.BASE, "", LedgerCounts.ZERO, 0, RunStatus.Demand.NONE, List.of()); // what it said last
    private Instant heardAt = Instant.now();

    static Behavior<Command> create(Incarnation life, ActorRef<NodeLife.Command> controller) {
        return Behaviors.setup(context -> new Spokesman(context, life, controller));
    }

    private Spokesman(ActorContext<Command> context, Incarnation life, ActorRef<NodeLife.Command> controller) {
        super(context);
        this.life = life;
        this.controller = controller;
        context.watch(controller);
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        return switch (command) {
            case Ask question -> onAsk(question);
            case Heard(Ask question, RunStatus status) -> onHeard(question, status);
            case Silent(Ask question) -> onSilent(question);
        };
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        return signal instanceof Terminated ? Behaviors.stopped() : this;
    }

    private Behavior<Command> onAsk(Ask question) {
        getContext()
                .ask(
                        RunStatus.class,
                        controller,
                        ANSWER,
                        NodeLife.AskStatus::new,
                        (status, _) -> status == null ? new Silent(question) : new Heard(question, status));
        return this;
    }

    private Behavior<Command> onHeard(Ask question, RunStatus status) {
        last = status;
        heardAt = Instant.now();
        return answer(question, status);
    }

    /// With what was last known, and one wait.
    private Behavior<Command> onSilent(Ask question) {
        RunStatus.Wait wait = new RunStatus.Wait("head", "an answer of the stage controller", heardAt.toString());
        return answer(
                question,
                new RunStatus(
                        last.version(), last.stage(), last.ledger(), last.workers(), last.demand(), List.of(wait)));
    }

    private Behavior<Command> answer(Ask question, RunStatus status) {
        question.replyTo().tell(new HeadStatus(life, question.members(), status));
        return this;
    }
}
