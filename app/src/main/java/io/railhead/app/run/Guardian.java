package io.railhead.app.run;

import io.railhead.actors.cluster.Role;
import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.HeadCommand;
import io.railhead.actors.protocol.HeadStatus;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.app.status.NodeGauges;
import io.railhead.app.tracing.RolloutTraces;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/// The top of a node that is alone: all of its run is one life, and ends with it. A cluster node's is
/// [ClusterGuardian].
///
/// A run that fails ends with the cause, and resumes from its last checkpoint. Does not know: the roles.
public final class Guardian {
    /// What the top of a node hears.
    public sealed interface Command {}

    /// Finish the step in hand, commit, end the run.
    public record Stop() implements Command {}

    public record AskStatus(ActorRef<RunStatus> replyTo) implements Command {}

    /// Private events of the implementation.
    non-sealed interface Internal extends Command {}

    private Guardian() {}

    /// @param gauges see what passes
    /// @param traces too
    /// @param ended completed once, with the run's end
    public static Behavior<Command> create(
            Set<Role> roles,
            NodeParts parts,
            NodeGauges gauges,
            RolloutTraces traces,
            CompletableFuture<RunEnded> ended) {
        return Behaviors.setup(context -> {
            ActorRef<NodeLife.Command> life =
                    context.spawn(NodeLife.create(roles, parts, gauges, traces, ended::complete), "life");
            ActorRef<Spokesman.Command> spokesman =
                    context.spawn(Spokesman.create(parts.life().incarnation(), life), "spokesman");
            ActorRef<HeadCommand> head = context.spawn(onlyAnswering(spokesman), "head");
            context.getSystem().receptionist().tell(Receptionist.register(ServiceKeys.HEAD, head));
            return Behaviors.receiveMessage(command -> {
                switch (command) {
                    case Stop _ -> life.tell(new NodeLife.Stop());
                    case AskStatus(ActorRef<RunStatus> replyTo) -> life.tell(new NodeLife.AskStatus(replyTo));
                    case Internal internal -> throw new IllegalStateException("not of this guardian: " + internal);
                }
                return Behaviors.same();
            });
        });
    }

    /// Whoever asks for the run's status finds it as on a cluster node. Nobody joins.
    private static Behavior<HeadCommand> onlyAnswering(ActorRef<Spokesman.Command> spokesman) {
        return Behaviors.receiveMessage(command -> {
            if (command instanceof HeadCommand.GetStatus(ActorRef<HeadStatus> replyTo)) {
                spokesman.tell(new Spokesman.Ask(List.of(), replyTo));
                return Behaviors.same();
            }
            return Behaviors.unhandled();
        });
    }
}
