package io.railhead.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.protocol.ControlMessage;
import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.LearnerCommand.DropGroups;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.protocol.WireMessage;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SampledTokens;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class WireRoundTripTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Serialization SERIALIZATION = SerializationExtension.get(Adapter.toClassic(KIT.system()));
    private static final KryoSerializer KRYO = new KryoSerializer(ActorRefResolver.get(KIT.system()));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void everyWireMessageHasASampleAndComesBackEqual() {
        assertThat(typesOf(WireSamples.wireMessages())).isEqualTo(MessageTypes.marked(WireMessage.class));
        ProtoSerializer serializer = new ProtoSerializer();
        for (WireMessage message : WireSamples.wireMessages()) {
            byte[] bytes = serializer.toBinary(message);
            assertThat(serializer.fromBinary(bytes, serializer.manifest(message)))
                    .isEqualTo(message);
        }
    }

    @Test
    void aCurriculumsPositionKeepsItsPlateauAndItsRecentMeans() {
        var message = new LearnerCommand.CommitCheckpoint(new StageSnapshot(
                PolicyVersion.BASE,
                LedgerCounts.ZERO,
                List.of(),
                new StageSnapshot.CurriculumPosition(1, List.of(12L, 7L), 6, 0.625, 0.75, 9, Map.of("north-17", 0.25)),
                301));
        var serializer = new ProtoSerializer();
        assertThat(serializer.fromBinary(serializer.toBinary(message), serializer.manifest(message)))
                .isEqualTo(message);
    }

    @Test
    void everyControlMessageHasASampleAndComesBackEqual() {
        var ref = KIT.createTestProbe(Object.class).ref();
        assertThat(typesOf(WireSamples.controlMessages(ref))).isEqualTo(MessageTypes.marked(ControlMessage.class));
        for (ControlMessage message : WireSamples.controlMessages(ref)) {
            assertThat(KRYO.fromBinary(KRYO.toBinary(message))).isEqualTo(message);
        }
    }

    @Test
    void pekkoPicksTheSerializerOfEachMarker() {
        var ref = KIT.createTestProbe(Object.class).ref();
        assertThat(WireSamples.wireMessages())
                .allSatisfy(m -> assertThat(SERIALIZATION.findSerializerFor(m)).isInstanceOf(ProtoSerializer.class));
        assertThat(WireSamples.controlMessages(ref))
                .allSatisfy(m -> assertThat(SERIALIZATION.findSerializerFor(m)).isInstanceOf(KryoSerializer.class));
    }

    /// Messages of workers that do not report them are in the golden files.
    @Test
    void rawLogProbsTravelWithTheirTokens() {
        Rollout plain = WireSamples.ROLLOUT;
        SampledTokens response = SampledTokens.of(
                plain.response().ids(),
                plain.response().behaviourLogProbs(),
                new float[] {-0.5f, -2},
                plain.response().behaviourVersions());
        Rollout rollout = new Rollout(
                plain.lease(),
                plain.attempt(),
                plain.sampleIndex(),
                plain.stage(),
                plain.task(),
                plain.promptTokens(),
                response,
                plain.text(),
                plain.finishReason(),
                plain.workerId());
        assertThat(RolloutCodec.fromProto(RolloutCodec.toProto(rollout))).isEqualTo(rollout);
    }

    @Test
    void javaSerializationIsOff() {
        assertThatThrownBy(() ->
                        SERIALIZATION.serialize(new java.util.ArrayList<>()).get())
                .hasMessageContaining("allow-java-serialization");
    }

    @Test
    void messageOfAnotherReleaseIsRefused() {
        byte[] bytes = KRYO.toBinary(new DropGroups(java.util.List.of(new LeaseId(1))));
        bytes[0] ^= 1;
        assertThatThrownBy(() -> KRYO.fromBinary(bytes))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("a control message of another release");
    }

    @Test
    void controlMessageCutAnywhereIsRefused() {
        var ref = KIT.createTestProbe(Object.class).ref();
        for (ControlMessage message : WireSamples.controlMessages(ref)) {
            byte[] bytes = KRYO.toBinary(message);
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> KRYO.fromBinary(cut)).isInstanceOf(MalformedMessageException.class);
            }
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
            assertThatThrownBy(() -> KRYO.fromBinary(longer)).isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void partOfAMessageIsNotAMessage() {
        assertThatThrownBy(() -> KRYO.fromBinary(KRYO.toBinary(new LeaseId(4))))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("LeaseId where one control message should be");
    }

    @Test
    void recordThatIsNotRegisteredIsNotWritten() {
        assertThatThrownBy(() -> KRYO.toBinary(WireSamples.ROLLOUT)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void controlMessageBeyondTheBoundIsNotWritten() {
        DropGroups huge = new DropGroups(LongStream.range(0, 400_000)
                .mapToObj(i -> new LeaseId(i + Integer.MAX_VALUE))
                .toList());
        assertThatThrownBy(() -> KRYO.toBinary(huge))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DropGroups");
    }

    private static Set<Class<?>> typesOf(java.util.List<?> messages) {
        return messages.stream().map(Object::getClass).collect(Collectors.toSet());
    }
}
