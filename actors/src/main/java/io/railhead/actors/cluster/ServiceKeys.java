package io.railhead.actors.cluster;

import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.WeightsCommand;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/// Under which keys actors register with the receptionist, in one JVM and in a cluster alike.
public final class ServiceKeys {
    public static final ServiceKey<StageCommand> STAGE_CONTROLLER =
            ServiceKey.create(StageCommand.class, "stage-controller");
    public static final ServiceKey<LearnerCommand> LEARNER = ServiceKey.create(LearnerCommand.class, "learner");
    public static final ServiceKey<RolloutCommand> ROLLOUT_WORKER =
            ServiceKey.create(RolloutCommand.class, "rollout-worker");
    public static final ServiceKey<RewardCommand> REWARD_SCORER =
            ServiceKey.create(RewardCommand.class, "reward-scorer");
    public static final ServiceKey<WeightsCommand.ToPublisher> WEIGHTS_PUBLISHER =
            ServiceKey.create(WeightsCommand.ToPublisher.class, "weights-publisher");
    public static final ServiceKey<RecorderCommand> RUN_RECORDER =
            ServiceKey.create(RecorderCommand.class, "run-recorder");

    private ServiceKeys() {}
}
