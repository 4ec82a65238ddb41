package io.railhead.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.ControlMessage;
import io.railhead.actors.protocol.WireMessage;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRefResolver;

/// Whatever the bytes: a message of the table, or a [MalformedMessageException], and nothing else.
class HostileBytesProperties {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final KryoSerializer KRYO = new KryoSerializer(ActorRefResolver.get(KIT.system()));
    private static final ProtoSerializer PROTO = new ProtoSerializer();
    private static final List<ControlMessage> CONTROL =
            WireSamples.controlMessages(KIT.createTestProbe(Object.class).ref());
    private static final List<WireMessage> WIRE = WireSamples.wireMessages();

    @AfterContainer
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Property
    void randomBytesAfterAValidFingerprintAreRefusedOrAControlMessage(@ForAll byte[] tail) {
        assertControl(ByteBuffer.allocate(tail.length + Integer.BYTES)
                .put(0, KRYO.toBinary(CONTROL.getFirst()), 0, Integer.BYTES)
                .put(Integer.BYTES, tail)
                .array());
    }

    @Property
    void everyRegisteredIdBeforeRandomBytesIsRefusedOrAControlMessage(
            @ForAll @IntRange(max = 80) int id, @ForAll @Size(max = 64) byte[] tail) {
        assertControl(ByteBuffer.allocate(tail.length + Integer.BYTES + 1)
                .put(0, KRYO.toBinary(CONTROL.getFirst()), 0, Integer.BYTES)
                .put(Integer.BYTES, (byte) id)
                .put(Integer.BYTES + 1, tail)
                .array());
    }

    @Property
    void controlMessageWithAChangedByteIsRefusedOrAControlMessage(
            @ForAll @IntRange(max = 1000) int which, @ForAll @IntRange(max = 100_000) int where, @ForAll byte to) {
        byte[] bytes = KRYO.toBinary(CONTROL.get(which % CONTROL.size()));
        bytes[where % bytes.length] = to;
        assertControl(bytes);
    }

    @Property
    void wireMessageWithAChangedByteIsRefusedOrAWireMessage(
            @ForAll @IntRange(max = 1000) int which, @ForAll @IntRange(max = 100_000) int where, @ForAll byte to) {
        WireMessage message = WIRE.get(which % WIRE.size());
        byte[] bytes = PROTO.toBinary(message);
        bytes[where % bytes.length] = to;
        assertWire(bytes, PROTO.manifest(message));
    }

    @Property
    void randomBytesAreRefusedOrAWireMessage(@ForAll @IntRange(max = 1000) int which, @ForAll byte[] bytes) {
        assertWire(bytes, PROTO.manifest(WIRE.get(which % WIRE.size())));
    }

    private static void assertControl(byte[] bytes) {
        try {
            assertThat(KRYO.fromBinary(bytes)).isInstanceOf(ControlMessage.class);
        } catch (MalformedMessageException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static void assertWire(byte[] bytes, String manifest) {
        try {
            assertThat(PROTO.fromBinary(bytes, manifest)).isInstanceOf(WireMessage.class);
        } catch (MalformedMessageException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
