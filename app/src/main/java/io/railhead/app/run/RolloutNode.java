package io.railhead.app.run;

import io.railhead.actors.cluster.Dispatchers;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.weights.WeightsFollower;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import io.railhead.rollout.RolloutWorker;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// A rollout worker with the follower that brings it its weights. They live and die together: when one of them fails
/// for good this actor fails too, and its parent starts both again, with the newest weights that the node holds.
///
/// Has no messages of its own. What the worker had in hand is reported by itself as it stops.
final class RolloutNode {
    private RolloutNode() {}

    static Behavior<RolloutCommand> create(
            String workerId, NodeParts parts, ActorRef<StageCommand> stage, ActorRef<RewardCommand> rewards) {
        return Behaviors.setup(context -> {
            PolicyVersion serving =
                    parts.store().newest().map(WeightsSnapshot::version).orElse(PolicyVersion.BASE);
            ActorRef<RolloutCommand> worker = context.spawn(
                    RolloutWorker.create(
                            workerId,
                            parts.plan().rollout(),
                            parts.engines(),
                            parts::weights,
                            Dispatchers.PINNED,
                            stage,
                            rewards),
                    "worker");
            context.watch(worker);
            context.watch(context.spawn(
                    WeightsFollower.create(workerId, parts.store(), serving, List.of(worker)), "weights-follower"));
            return Behaviors.receiveMessage(command -> {
                worker.tell(command);
                return Behaviors.same();
            });
        });
    }
}
