package io.railhead.app.run;

import io.railhead.actors.cluster.Dispatchers;
import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.PictureCommand.ToFetcher;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.weights.WeightsFollower;
import io.railhead.app.tracing.LifeTraces;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import io.railhead.rollout.RolloutWorker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// The rollout workers of a node, one a device, with the follower that brings them their weights. They live and die
/// together: when one of them fails for good this actor fails too, and its parent starts all again, with the newest
/// weights that the node holds.
///
/// - *running* -> *draining* on `Drain` -> stops by itself when the last worker has
///
/// Has no messages of its own: what it gets goes to every worker. What the workers had in hand is reported by
/// themselves as they stop.
final class RolloutNode {
    private RolloutNode() {}

    static Behavior<RolloutCommand> create(
            ServiceKeys keys,
            String workerId,
            NodeParts parts,
            ActorRef<StageCommand> stage,
            ActorRef<RewardCommand> rewards,
            ActorRef<ToFetcher> pictures,
            LifeTraces traces) {
        return Behaviors.setup(context -> {
            PolicyVersion serving =
                    parts.store().newest().map(WeightsSnapshot::version).orElse(PolicyVersion.BASE);
            List<ActorRef<RolloutCommand>> workers = new ArrayList<>();
            for (Supplier<GenerationEngine> engine : parts.engines()) {
                int number = workers.size() + 1;
                ActorRef<RolloutCommand> worker = context.spawn(
                        traces.worker(RolloutWorker.create(
                                number == 1 ? workerId : workerId + "-" + number,
                                parts.plan().rollout(),
                                engine,
                                parts::weights,
                                Dispatchers.PINNED,
                                stage,
                                rewards,
                                pictures,
                                parts.frames())),
                        "worker-" + number);
                context.watch(worker);
                workers.add(worker);
            }
            context.watch(context.spawn(
                    WeightsFollower.create(
                            keys.weightsPublisher(), workerId, parts.exchange(), serving, List.copyOf(workers)),
                    "weights-follower"));
            return running(List.copyOf(workers));
        });
    }

    /// A worker that stops takes the others with it.
    private static Behavior<RolloutCommand> running(List<ActorRef<RolloutCommand>> workers) {
        return Behaviors.receiveMessage(command -> {
            workers.forEach(worker -> worker.tell(command));
            return command instanceof RolloutCommand.Drain ? draining(workers) : Behaviors.same();
        });
    }

    /// Workers stop one after the other, as they should.
    private static Behavior<RolloutCommand> draining(List<ActorRef<RolloutCommand>> left) {
        return Behaviors.receive(
                (_, command) -> {
                    left.forEach(worker -> worker.tell(command));
                    return Behaviors.same();
                },
                (_, signal) -> signal instanceof Terminated gone && holds(left, gone.getRef())
                        ? without(left, gone.getRef())
                        : Behaviors.unhandled());
    }

    private static Behavior<RolloutCommand> without(List<ActorRef<RolloutCommand>> left, ActorRef<?> gone) {
        List<ActorRef<RolloutCommand>> fewer = left.stream()
                .filter(worker -> !worker.path().equals(gone.path()))
                .toList();
        return fewer.isEmpty() ? Behaviors.stopped() : draining(fewer);
    }

    private static boolean holds(List<ActorRef<RolloutCommand>> workers, ActorRef<?> one) {
        return workers.stream().anyMatch(worker -> worker.path().equals(one.path()));
    }
}
