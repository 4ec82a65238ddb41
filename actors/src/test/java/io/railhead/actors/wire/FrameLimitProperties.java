package io.railhead.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.protocol.LearnerCommand.OfferTrajectory;
import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.PictureCommand.ToFetcher.PictureSent;
import io.railhead.actors.protocol.RewardCommand.ScoreRollout;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RolloutCommand.LeasesGranted;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.Task;
import io.railhead.actors.protocol.WireMessage;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishReason;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenIds;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// Whatever is let through serialises to less than the limit, and what is not would not have fitted.
class FrameLimitProperties {
    private static final long LEAST = 32 << 10;
    private static final ProtoSerializer WIRE = new ProtoSerializer();

    @Property
    void everyMessageOfAGrantFitsAndNoLeaseIsLostOrMoved(
            @ForAll @IntRange(min = 32 << 10, max = 40 << 10) int bytes,
            @ForAll @Size(max = 40) List<@IntRange(max = 9_999) Integer> lengths) {
        FrameLimit limit = new FrameLimit(bytes);
        List<Lease> leases = IntStream.range(0, lengths.size())
                .mapToObj(i -> lease(i, task("ü".repeat(lengths.get(i)), List.of())))
                .toList();
        assertThat(leases)
                .allSatisfy(lease -> assertThat(limit.objection(lease)).isEmpty());

        List<LeasesGranted> messages = limit.messages(leases);

        assertThat(messages).allSatisfy(message -> assertFits(message, bytes));
        assertThat(messages.stream().flatMap(m -> m.leases().stream())).isEqualTo(leases);
        assertThat(messages.stream().map(LeasesGranted::more))
                .isEqualTo(IntStream.range(0, messages.size())
                        .mapToObj(i -> i < messages.size() - 1)
                        .toList());
    }

    @Property
    void aLeaseIsLetThroughIfItAndItsPicturesFit(
            @ForAll @IntRange(min = 29_000, max = 32_000) int text,
            @ForAll @IntRange(min = 29_000, max = 32_000) int picture) {
        FrameLimit limit = new FrameLimit(LEAST);
        EncodedImage image = EncodedImage.of(new byte[picture]);
        Lease lease = lease(1, task("x".repeat(text), List.of(image)));
        boolean fits = fits(new PictureSent(image), LEAST) && fits(new LeasesGranted(List.of(lease), true), LEAST);
        assertThat(limit.objection(lease).isEmpty()).isEqualTo(fits);
    }

    @Property
    void aMessageIsLetThroughIfItFits(@ForAll @IntRange(min = 29_000, max = 32_000) int text) {
        ScoreRollout message = new ScoreRollout(rollout(1, "x".repeat(text)));
        assertThat(new FrameLimit(LEAST).objection(message).isEmpty()).isEqualTo(fits(message, LEAST));
    }

    /// With all numbers at their longest.
    @Property(tries = 50)
    void aTrajectoryOfAsManyTokensAsTheConfigurationAllowsFits(
            @ForAll @IntRange(min = 32 << 10, max = 1 << 20) int bytes) {
        FrameLimit limit = new FrameLimit(bytes);
        int tokens = (bytes - FrameLimit.ENVELOPE - FrameLimit.REST_OF_TRAJECTORY) / FrameLimit.TOKEN_BYTES;
        limit.requireRoomFor(tokens);
        assertThatThrownBy(() -> limit.requireRoomFor(tokens + 1)).isInstanceOf(ConfigurationException.class);

        OfferTrajectory offer = new OfferTrajectory(
                new ScoredRollout(rollout(tokens, "x".repeat(16 * tokens)), new Score(1, true, 1, List.of())));

        assertThat(limit.objection(offer)).isEmpty();
        assertFits(offer, bytes);
    }

    @Example
    void objectionsNameWhatIsTooBigAndTheKey() {
        FrameLimit limit = new FrameLimit(LEAST);
        EncodedImage picture = EncodedImage.of(new byte[40_000]);
        assertThat(limit.objection(lease(1, task("?", List.of(picture)))))
                .contains("picture " + picture.sha256() + " of prompt north-17 has 40000 bytes,"
                        + " more than railhead.cluster.maximum-frame-size = 32768 lets through: 30720");
        assertThat(limit.objection(new ScoreRollout(rollout(1, "x".repeat(40_000))))
                        .orElseThrow())
                .startsWith("ScoreRollout of 42")
                .endsWith(" bytes is more than railhead.cluster.maximum-frame-size = 32768 lets through: 30720");
        assertThatThrownBy(() -> limit.requireRoomFor(4096))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("railhead.stage.sampling.max-tokens = 4096 makes rollouts of up to 178176 bytes,"
                        + " more than railhead.cluster.maximum-frame-size = 32768");
    }

    @Example
    void inOneJvmNothingIsTooBig() {
        Lease lease = lease(1, task("?", List.of(EncodedImage.of(new byte[40 << 20]))));
        assertThat(FrameLimit.NONE.objection(lease)).isEmpty();
        assertThat(FrameLimit.NONE.messages(List.of(lease, lease)))
                .containsExactly(new LeasesGranted(List.of(lease, lease)));
        FrameLimit.NONE.requireRoomFor(Integer.MAX_VALUE);
    }

    private static void assertFits(WireMessage message, long bytes) {
        assertThat(fits(message, bytes))
                .as("%d bytes", WIRE.toBinary(message).length)
                .isTrue();
    }

    private static boolean fits(WireMessage message, long bytes) {
        return WIRE.toBinary(message).length + FrameLimit.ENVELOPE <= bytes;
    }

    private static Task task(String text, List<EncodedImage> pictures) {
        return new Task(new Prompt("north-17", text, pictures), "counting", "hard", "{\"stops\":3}");
    }

    private static Lease lease(long id, Task task) {
        return new Lease(
                new LeaseId(id),
                1,
                "perception",
                task,
                4,
                List.of(0, 1, 2, 3),
                PolicyVersion.BASE,
                PolicyVersion.BASE,
                SamplingParams.plain(64, 1),
                -id,
                Instant.EPOCH);
    }

    private static Rollout rollout(int tokens, String text) {
        int[] ids = new int[tokens];
        long[] versions = new long[tokens];
        float[] logProbs = new float[tokens];
        Arrays.fill(ids, Integer.MAX_VALUE);
        Arrays.fill(versions, Long.MAX_VALUE);
        Arrays.fill(logProbs, -0.5f);
        return new Rollout(
                new LeaseId(1),
                1,
                0,
                "perception",
                task("?", List.of(EncodedImage.elsewhere("0123456789abcdef".repeat(4), 2_000_000))),
                TokenIds.of(new int[2000]),
                SampledTokens.of(TokenIds.of(ids), logProbs, logProbs, versions),
                text,
                FinishReason.LENGTH,
                "worker-a");
    }
}
