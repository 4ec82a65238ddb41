package io.railhead.actors.cluster;

import io.railhead.actors.protocol.HeadCommand;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.PictureCommand;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.WeightsCommand;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/// Under which keys the actors of one life of the run register with the receptionist, in one JVM and in a cluster
/// alike.
///
/// Each life has keys of its own. So what actors of an older life say finds only each other, or nobody: it is
/// counted as a dead letter and changes nothing.
public record ServiceKeys(
        ServiceKey<StageCommand> stageController,
        ServiceKey<LearnerCommand> learner,
        ServiceKey<RolloutCommand> rolloutWorker,
        ServiceKey<RewardCommand> rewardScorer,
        ServiceKey<WeightsCommand.ToPublisher> weightsPublisher,
        ServiceKey<RecorderCommand> runRecorder,
        ServiceKey<PictureCommand.ToDesk> pictureDesk) {
    /// Whoever begins the lives; the only one that is looked for across them.
    public static final ServiceKey<HeadCommand> HEAD = ServiceKey.create(HeadCommand.class, "head");

    public static ServiceKeys of(Incarnation incarnation) {
        String life = "-" + incarnation;
        return new ServiceKeys(
                ServiceKey.create(StageCommand.class, "stage-controller" + life),
                ServiceKey.create(LearnerCommand.class, "learner" + life),
                ServiceKey.create(RolloutCommand.class, "rollout-worker" + life),
                ServiceKey.create(RewardCommand.class, "reward-scorer" + life),
                ServiceKey.create(WeightsCommand.ToPublisher.class, "weights-publisher" + life),
                ServiceKey.create(RecorderCommand.class, "run-recorder" + life),
                ServiceKey.create(PictureCommand.ToDesk.class, "picture-desk" + life));
    }
}
