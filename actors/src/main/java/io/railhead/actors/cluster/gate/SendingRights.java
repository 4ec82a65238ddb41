package io.railhead.actors.cluster.gate;

import static io.railhead.actors.cluster.Role.CONTROLLER;
import static io.railhead.actors.cluster.Role.LEARNER;
import static io.railhead.actors.cluster.Role.REWARD;
import static io.railhead.actors.cluster.Role.ROLLOUT;

import io.railhead.actors.cluster.Role;
import io.railhead.actors.protocol.HeadCommand;
import io.railhead.actors.protocol.HeadStatus;
import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.MemberCommand;
import io.railhead.actors.protocol.PictureCommand;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.WeightsCommand.ToFollower;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Who may send what: one row for each role, with the messages that its actors send. A message without a row is
/// sent by nobody; a test finds those.
final class SendingRights {
    private static final Map<Class<?>, Set<Role>> SENDERS = new LinkedHashMap<>();

    static {
        may(
                CONTROLLER,
                RecorderCommand.Flushed.class,
                MemberCommand.LifeBegan.class,
                MemberCommand.RunIsOver.class,
                RolloutCommand.LeasesGranted.class,
                RolloutCommand.LeasesRevoked.class,
                RolloutCommand.Drain.class,
                LearnerCommand.TrainBatch.class,
                LearnerCommand.DropGroups.class,
                LearnerCommand.CommitCheckpoint.class,
                RunStatus.class,
                HeadStatus.class,
                PictureCommand.ToFetcher.PictureSent.class,
                PictureCommand.ToFetcher.NoSuchPicture.class,
                StageCommand.RunEnded.class,
                RecorderCommand.RecordFact.class,
                RunFact.class);
        may(
                LEARNER,
                HeadCommand.JoinAsLearner.class,
                RecorderCommand.Flush.class,
                StageCommand.LearnerReady.class,
                StageCommand.SampleArrived.class,
                StageCommand.GroupReady.class,
                StageCommand.StepCommitted.class,
                StageCommand.StepRefused.class,
                StageCommand.CheckpointStaged.class,
                StageCommand.CheckpointCommitted.class,
                StageCommand.CheckpointFailed.class,
                ToFollower.WeightsPublished.class,
                PictureCommand.ToDesk.SendPicture.class,
                RecorderCommand.RecordFact.class,
                RunFact.class);
        may(
                ROLLOUT,
                StageCommand.RequestLeases.class,
                StageCommand.WorkerLeft.class,
                StageCommand.SampleFailed.class,
                RewardCommand.ScoreRollout.class,
                PictureCommand.ToDesk.SendPicture.class,
                ToPublisher.Follow.class,
                ToPublisher.Staged.class,
                ToPublisher.Refused.class);
        may(REWARD, LearnerCommand.OfferTrajectory.class, ScoredRollout.class, StageCommand.SampleFailed.class);
        for (Role any : Role.values()) {
            may(
                    any,
                    StageCommand.GetStatus.class,
                    HeadCommand.GetStatus.class,
                    HeadCommand.Join.class,
                    HeadCommand.Leave.class);
        }
    }

    private SendingRights() {}

    /// Why a node with these roles may not send this message; empty if it may.
    static Optional<String> refusal(Collection<String> roles, Class<?> message) {
        Set<Role> senders = SENDERS.getOrDefault(message, Set.of());
        return senders.stream().anyMatch(role -> roles.contains(role.label()))
                ? Optional.empty()
                : Optional.of("%s from a certificate for %s; it takes %s"
                        .formatted(
                                message.getSimpleName(),
                                roles.isEmpty() ? "no role" : String.join(", ", roles),
                                senders.stream().map(Role::label).collect(Collectors.joining(" or "))));
    }

    private static void may(Role role, Class<?>... messages) {
        Arrays.stream(messages)
                .forEach(message -> SENDERS.computeIfAbsent(message, _ -> EnumSet.noneOf(Role.class))
                        .add(role));
    }
}
