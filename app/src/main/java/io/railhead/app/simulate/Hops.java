package io.railhead.app.simulate;

import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.StageCommand;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/// What lies between the roles of a simulated run: nothing, or something that loses, delays, doubles and reorders.
public interface Hops {
    Hops DIRECT = new Hops() {};

    /// From workers, reward actors and the learner to the stage controller.
    default ActorRef<StageCommand> toStage(ActorContext<?> context, String from, ActorRef<StageCommand> stage) {
        return stage;
    }

    default ActorRef<RewardCommand> toRewards(ActorContext<?> context, String from, ActorRef<RewardCommand> rewards) {
        return rewards;
    }

    default ActorRef<LearnerCommand> toLearner(ActorContext<?> context, ActorRef<LearnerCommand> learner) {
        return learner;
    }

    /// A worker with what may befall it.
    default Behavior<RolloutCommand> around(String id, Behavior<RolloutCommand> worker) {
        return worker;
    }

    /// From where new weights come.
    default ActorRef<RolloutCommand> toWorker(ActorContext<?> context, String id, ActorRef<RolloutCommand> worker) {
        return worker;
    }
}
