package io.railhead.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.LearnerCommand.OfferTrajectory;
import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.PictureCommand.ToFetcher.PictureSent;
import io.railhead.actors.protocol.RecorderCommand.RecordFact;
import io.railhead.actors.protocol.RewardCommand.ScoreRollout;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RolloutCommand.LeasesGranted;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.Task;
import io.railhead.actors.protocol.WireMessage;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishReason;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenIds;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a group of 8 about a picture of 2 MB costs on the wire.
class PictureTrafficTest {
    private static final int GROUP = 8;
    private static final ProtoSerializer WIRE = new ProtoSerializer();
    private static final EncodedImage PICTURE = EncodedImage.of(new byte[2_000_000]);
    private static final Task TASK =
            new Task(new Prompt("north-17", "How many stops from A to B?", List.of(PICTURE)), "counting", "hard", "3");

    @Test
    void noMessageOfAGroupCarriesThePicture() {
        assertThat(messages())
                .hasSize(1 + 3 * GROUP)
                .allSatisfy(message -> assertThat(size(message)).isLessThan(2_000));
    }

    /// The lease, the rollouts to the reward actors and the trajectories to the learner, before and now: the messages,
    /// and the picture to the rollout node and the learner's.
    @Test
    void aGroupCostsThePictureOnceANodeInsteadOfSeventeenTimes() {
        long messages = messages()
                .limit(1 + 2 * GROUP)
                .mapToLong(PictureTrafficTest::size)
                .sum();
        long picture = size(new PictureSent(PICTURE));
        long before = messages + (1 + 2 * GROUP) * 2_000_000L;
        long now = messages + 2 * picture;
        assertThat(before).isBetween(34_000_000L, 34_030_000L);
        assertThat(now).isBetween(4_000_000L, 4_030_000L);
    }

    /// Grant, rollouts, trajectories, and the recorder's copies of these.
    private static Stream<WireMessage> messages() {
        return Stream.concat(
                Stream.of(new LeasesGranted(List.of(new Lease(
                        new LeaseId(3),
                        1,
                        "perception",
                        TASK,
                        GROUP,
                        IntStream.range(0, GROUP).boxed().toList(),
                        PolicyVersion.BASE,
                        PolicyVersion.BASE,
                        SamplingParams.plain(64, 1),
                        7,
                        Instant.EPOCH)))),
                Stream.of(0, 1, 2).flatMap(kind -> IntStream.range(0, GROUP).mapToObj(i -> message(kind, i))));
    }

    private static WireMessage message(int kind, int index) {
        Rollout rollout = rollout(index);
        ScoredRollout trajectory = new ScoredRollout(rollout, new Score(1, true, 1, List.of()));
        return switch (kind) {
            case 0 -> new ScoreRollout(rollout);
            case 1 -> new OfferTrajectory(trajectory);
            default -> new RecordFact(new RunFact.TrajectoryTaken(trajectory));
        };
    }

    private static Rollout rollout(int index) {
        return new Rollout(
                new LeaseId(3),
                1,
                index,
                "perception",
                TASK,
                TokenIds.of(new int[100]),
                SampledTokens.of(TokenIds.of(new int[64]), new float[64], new long[64]),
                "there are three stops",
                FinishReason.STOP,
                "worker-a");
    }

    private static long size(WireMessage message) {
        return WIRE.toBinary(message).length;
    }
}
