package io.railhead.reward;

import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.wire.FrameLimit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Routers;

/// The reward actor of a node: a pool of [RewardScorer]s. All rollouts of a prompt go to the same scorer, which so
/// knows what it has to quarantine. A scorer that crashes is restarted.
public final class RewardRouter {
    private static final int VIRTUAL_NODES = 50; // per scorer on the hash ring; evens out the shares

    private RewardRouter() {}

    public static Behavior<RewardCommand> create(
            RewardSettings settings,
            RewardFunction function,
            ActorRef<StageCommand> stage,
            ActorRef<LearnerCommand> learner,
            FrameLimit frames) {
        return create(settings, function, stage, learner, frames, RewardScorer.Threads.OF_ITS_OWN);
    }

    /// @param threads what each scorer runs the function on
    public static Behavior<RewardCommand> create(
            RewardSettings settings,
            RewardFunction function,
            ActorRef<StageCommand> stage,
            ActorRef<LearnerCommand> learner,
            FrameLimit frames,
            RewardScorer.Threads threads) {
        Behavior<RewardCommand> scorer = Behaviors.supervise(
                        RewardScorer.create(settings, function, stage, learner, frames, threads))
                .onFailure(SupervisorStrategy.restart());
        return Routers.pool(settings.workers(), scorer)
                .withConsistentHashingRouting(VIRTUAL_NODES, RewardRouter::promptOf);
    }

    private static String promptOf(RewardCommand command) {
        return switch (command) {
            case RewardCommand.ScoreRollout score ->
                score.rollout().task().prompt().id();
            case RewardCommand.Internal _ -> "";
        };
    }
}
