package io.railhead.actors.wire;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.railhead.actors.protocol.RolloutCommand.LeasesGranted;
import io.railhead.policy.EncodedImage;
import io.railhead.protos.v1.Image;
import io.railhead.protos.v1.LeaseEnded;
import io.railhead.protos.v1.Rollout;
import io.railhead.protos.v1.RunEvent;
import io.railhead.protos.v1.WeightsManifest;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Every field that can be wrong is refused by its name.
class MalformedMessageTest {
    private static final ProtoSerializer SERIALIZER = new ProtoSerializer();

    @Test
    void rolloutWithAWrongFieldIsRefusedByItsName() {
        assertRollout(r -> r.clearTask(), "Rollout.task is missing");
        assertRollout(r -> r.setLeaseId(-1), "Rollout.lease_id is out of range: 18446744073709551615");
        assertRollout(r -> r.setAttempt(-1), "Rollout.attempt is out of range: 4294967295");
        assertRollout(r -> r.setSampleIndex(-2), "Rollout.sample_index is out of range: 4294967294");
        assertRollout(r -> r.addPromptTokens(-1), "Rollout.prompt_tokens: a token id is not negative: -1");
        assertRollout(
                r -> r.addBehaviourLogProbs(-1f),
                "Rollout.response_tokens: 2 tokens with 3 log-probabilities, 0 raw ones and 2 versions");
        assertRollout(
                r -> r.addRawLogProbs(-1f),
                "Rollout.response_tokens: 2 tokens with 2 log-probabilities, 1 raw ones and 2 versions");
        assertRollout(
                r -> r.setBehaviourLogProbs(0, Float.NaN),
                "Rollout.response_tokens: log-probability NaN at token 0 is not at most 0");
        assertRollout(
                r -> r.setBehaviourVersions(1, 2), "Rollout.response_tokens: versions go back at token 1: [3, 2]");
        assertRollout(r -> r.setFinishReasonValue(9), "Rollout.finish_reason is unknown: 9");
        assertRollout(r -> r.clearFinishReason(), "Rollout.finish_reason is unknown: 0");
        assertRollout(r -> r.getTaskBuilder().getPromptBuilder().clearId(), "Prompt.id: a prompt has an id");
        assertImage(i -> i.clearSha256(), "Image.sha256: not 64 hexadecimal digits: ");
        assertImage(i -> i.setSha256("0123456789abcdef"), "Image.sha256: not 64 hexadecimal digits: 0123456789abcdef");
        assertImage(i -> i.setSha256("ABCDEF01".repeat(8)), "Image.sha256: not 64 hexadecimal digits: ABCDEF01");
        assertImage(i -> i.clearByteCount(), "Image.byte_count is out of range: 0");
        assertImage(i -> i.setByteCount((256L << 20) + 1), "Image.byte_count is out of range: 268435457");
        assertImage(i -> i.setByteCount(-1), "Image.byte_count is out of range: 18446744073709551615");
        assertImage(i -> i.setData(ByteString.copyFromUtf8("other")), "Image.sha256 is ");
    }

    @Test
    void pictureWithAWrongFieldIsRefusedByItsName() {
        Image picture = PictureCodec.whole(EncodedImage.of(new byte[] {1, 2, -3}));
        assertMalformed("picture-1", picture.toBuilder().clearData().build(), "Image.data is missing");
        assertMalformed(
                "picture-1",
                picture.toBuilder().setData(ByteString.copyFromUtf8("other")).build(),
                "Image.sha256 is " + picture.getSha256() + ", but the data hash to ");
        assertMalformed(
                "picture-1",
                picture.toBuilder().setByteCount(4).build(),
                "Image.byte_count is 4, but there are 3 bytes");
    }

    @Test
    void leaseWithAWrongFieldIsRefusedByItsName() {
        assertLease(l -> l.clearSampling(), "Lease.sampling is missing");
        assertLease(l -> l.clearSampleIndices(), "Lease: lease-300 asks for no sample");
        assertLease(l -> l.setGroupSize(2), "Lease: lease-300 asks for sample 2 of a group of 2");
        assertLease(l -> l.setFloorVersion(-1), "Lease.floor_version is out of range: 18446744073709551615");
        assertLease(l -> l.getSamplingBuilder().setTopP(0), "SamplingParams: top-p is in (0, 1]: 0.0");
    }

    @Test
    void factWithAWrongFieldIsRefusedByItsName() {
        assertMalformed("fact-2", RunEvent.getDefaultInstance(), "RunEvent.event is missing or unknown");
        assertMalformed(
                "fact-2",
                RunEvent.newBuilder()
                        .setLeaseEnded(LeaseEnded.newBuilder().setOutcome("lost"))
                        .build(),
                "LeaseEnded.outcome is unknown: lost");
    }

    @Test
    void manifestWithoutAHashIsRefused() {
        assertMalformed(
                "weights-2",
                WeightsManifest.newBuilder().setRoot("abc").build(),
                "WeightsManifest.root is not 64 hexadecimal digits: abc");
    }

    @Test
    void unknownManifestIsRefused() {
        assertThatThrownBy(() -> SERIALIZER.fromBinary(new byte[0], "grant-9"))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("unknown manifest grant-9");
    }

    private static void assertRollout(Consumer<Rollout.Builder> damage, String message) {
        Rollout.Builder rollout = RolloutCodec.toProto(WireSamples.ROLLOUT).toBuilder();
        damage.accept(rollout);
        assertMalformed("score-2", rollout.build(), message);
    }

    private static void assertImage(Consumer<Image.Builder> damage, String message) {
        assertRollout(r -> damage.accept(r.getTaskBuilder().getPromptBuilder().getImagesBuilder(0)), message);
    }

    private static void assertLease(Consumer<io.railhead.protos.v1.Lease.Builder> damage, String message) {
        LeasesGranted granted = (LeasesGranted) WireSamples.wireMessages().getFirst();
        io.railhead.protos.v1.LeasesGranted.Builder proto = LeaseCodec.toProto(granted).toBuilder();
        damage.accept(proto.getLeasesBuilder(0));
        assertMalformed("grant-2", proto.build(), message);
    }

    private static void assertMalformed(String manifest, MessageLite proto, String message) {
        assertThatThrownBy(() -> SERIALIZER.fromBinary(proto.toByteArray(), manifest))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageStartingWith(message);
    }
}
