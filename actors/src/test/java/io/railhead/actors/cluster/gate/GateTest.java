package io.railhead.actors.cluster.gate;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.railhead.actors.security.CertificateRoles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The gate for a rollout node at host `here`. Serializers and field numbers are Pekko's.
class GateTest {
    private static final int PROTO = 7_241_001;

    private final Gate gate = new Gate(new CertificateRoles("CN=rollout-1", Set.of("rollout"), Set.of("here")), true);

    @ParameterizedTest
    @CsvSource({
        "1, java.util.ArrayList", // Java's serializer
        "2, com.google.protobuf.Empty", // classes by their names
        "3, ''", // actors on another node
        "16, P", // poison pill
        "16, K", // kill
        "16, F", // exceptions by the names of their classes
        "5, D", // down
        "5, L", // leave
        "5, org.apache.pekko.cluster.InternalClusterAction$Join", // the old name of a join
        "17, f", // a table that compresses what the gate reads
        "22, ''", // a system message without its envelope
        "4711, x"
    })
    void whatNodesDoNotSayToEachOtherIsRefused(int serializer, String manifest) {
        refuses(serializer, manifest, ByteString.EMPTY, "a message that nodes do not send (serializer " + serializer);
        refuses(6, "", selection(serializer, manifest, ByteString.EMPTY), "a message that nodes do not send");
    }

    @Test
    void heartbeatsAndGossipPass() {
        passes(5, "GE", ByteString.EMPTY);
        passes(16, "A", ByteString.EMPTY);
        passes(6, "", selection(5, "HB", ByteString.EMPTY));
    }

    @Test
    void anOrderOfTheControllerIsRefusedInAnyWrapping() {
        refuses(PROTO, "grant-2", ByteString.EMPTY, "LeasesGranted from a certificate for rollout");
        refuses(PROTO, "weights-2", ByteString.EMPTY, "WeightsPublished from a certificate for rollout");
        refuses(6, "", selection(PROTO, "grant-2", ByteString.EMPTY), "LeasesGranted from a certificate for rollout");
        refuses(17, "j", system(PROTO, "grant-2", ByteString.EMPTY), "a message that nodes do not send");
        refuses(17, "j", system(3, "", ByteString.EMPTY), "a message that nodes do not send");
        refuses(6, "", selection(6, "", selection(PROTO, "score-2", ByteString.EMPTY)), "a message that nodes do not");
        passes(PROTO, "score-2", ByteString.EMPTY);
    }

    @Test
    void aMessageOfAnotherReleaseIsRefused() {
        refuses(PROTO, "grant-99", ByteString.EMPTY, "a message of another release");
        refuses(7_241_002, "", ByteString.copyFromUtf8("abcdefgh"), "a message of another release");
        refuses(7_241_002, "", ByteString.EMPTY, "a message of another release");
    }

    @Test
    void watchingPassesAndStoppingDoesNot() {
        passes(17, "j", system(22, "", number(1, 6)));
        passes(17, "j", system(22, "", number(1, 9)));
        refuses(17, "j", system(22, "", number(1, 4)), "a system message that would change another node's actors");
        refuses(17, "j", system(22, "", number(1, 0)), "a system message that would change another node's actors");
    }

    @Test
    void aJoinNeedsTheCertificatesHostAndRoles() {
        passes(6, "", selection(5, "J", join("here", "rollout", "dc-default")));
        refuses(5, "J", join("here", "rollout", "learner"), "it would join as learner, its certificate is for rollout");
        refuses(
                6,
                "",
                selection(5, "J", join("there", "rollout")),
                "it calls itself there, its certificate is for here");
    }

    @Test
    void aHandshakeNeedsTheCertificatesHost() {
        passes(17, "d", handshake("here"));
        refuses(17, "d", handshake("there"), "it calls itself there, its certificate is for here");
        refuses(17, "e", handshake("there"), "it calls itself there, its certificate is for here");
    }

    @Test
    void twoFieldsWhereOneShouldBeAreRefused() {
        refuses(17, "d", handshake("here").concat(handshake("there")), "a message that cannot be read");
    }

    @Test
    void randomFramesAreRefusedAndNothingElseIsThrown() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && random.nextBoolean()) {
                bytes[0] = 0;
            }
            assertThatThrownBy(() -> gate.check(Frame.read(ByteBuffer.wrap(bytes))))
                    .isInstanceOf(RefusedException.class);
        }
    }

    private void passes(int serializer, String manifest, ByteString payload) {
        assertThatCode(() -> gate.check(read(serializer, manifest, payload))).doesNotThrowAnyException();
    }

    private void refuses(int serializer, String manifest, ByteString payload, String why) {
        assertThatThrownBy(() -> gate.check(read(serializer, manifest, payload)))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith(why);
    }

    /// As Artery writes it.
    private static Frame read(int serializer, String manifest, ByteString payload) {
        byte[] name = manifest.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes =
                ByteBuffer.allocate(28 + 6 + name.length + payload.size()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0).putLong(42).putInt(serializer).putInt(28).putInt(30).putInt(32);
        bytes.putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) name.length)
                .put(name);
        return Frame.read(bytes.put(payload.toByteArray()).flip());
    }

    private static ByteString selection(int serializer, String manifest, ByteString payload) {
        return bytes(1, payload).concat(number(2, serializer)).concat(bytes(4, ByteString.copyFromUtf8(manifest)));
    }

    private static ByteString system(int serializer, String manifest, ByteString payload) {
        return bytes(1, payload).concat(number(2, serializer)).concat(bytes(3, ByteString.copyFromUtf8(manifest)));
    }

    private static ByteString handshake(String host) {
        return bytes(1, bytes(1, bytes(3, ByteString.copyFromUtf8(host))).concat(number(2, 42)));
    }

    private static ByteString join(String host, String... roles) {
        ByteString join = bytes(1, bytes(1, bytes(2, ByteString.copyFromUtf8(host))));
        for (String role : roles) {
            join = join.concat(bytes(2, ByteString.copyFromUtf8(role)));
        }
        return join;
    }

    private static ByteString bytes(int field, ByteString value) {
        return field(field, Field.newBuilder().addLengthDelimited(value).build());
    }

    private static ByteString number(int field, long value) {
        return field(field, Field.newBuilder().addVarint(value).build());
    }

    private static ByteString field(int number, Field field) {
        return UnknownFieldSet.newBuilder().addField(number, field).build().toByteString();
    }
}
