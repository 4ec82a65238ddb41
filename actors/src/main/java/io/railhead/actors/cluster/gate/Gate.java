package io.railhead.actors.cluster.gate;

import io.railhead.actors.security.CertificateRoles;
import io.railhead.actors.wire.MessageKinds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;

/// Decides about each message of one connection, by the certificate that the connection was made with.
///
/// - A message of this project needs the role of its sender: [SendingRights].
/// - Of Pekko's own messages those pass that nodes of a cluster say to each other, and no others: nobody stops,
/// creates or removes actors or members of another node by a message.
/// - A node that shakes hands or joins is the one of its certificate: its host is among the certificate's
/// names, and its roles are among the certificate's.
/// - Messages within messages are held to the same.
final class Gate {
    private static final int CLUSTER = 5;
    private static final int SELECTION = 6;
    private static final int MISC = 16;
    private static final int ARTERY = 17;
    private static final int SYSTEM = 22;

    /// Pekko's other serializers that a cluster needs, whose messages only its own actors understand: singletons,
    /// distributed data, references, keys and entries of the receptionist.
    private static final Set<Integer> OF_THE_CLUSTER = Set.of(11, 12, 14, 24, 26, 28);

    /// Identify and its answer, the watchdog's heartbeat and its answer.
    private static final Set<String> MISC_MANIFESTS = Set.of("A", "B", "RWHB", "RWHR");

    private static final String HANDSHAKE = "d";
    private static final String HANDSHAKE_ANSWER = "e";
    private static final String SYSTEM_ENVELOPE = "j";

    /// All of Artery's messages but its offers of compression tables, which a node with a gate does not make.
    private static final Set<String> ARTERY_MANIFESTS =
            Set.of("a", "b", "c", HANDSHAKE, HANDSHAKE_ANSWER, "g", "i", SYSTEM_ENVELOPE, "k", "l", "m", "n", "o", "p");

    private static final String JOIN = "J";

    /// Join, welcome, the questions before it, heartbeats, gossip, and the last word of a node that leaves.
    /// Not: leave, down and shutdown, which a node decides for itself and tells by gossip.
    private static final Set<String> CLUSTER_MANIFESTS =
            Set.of(JOIN, "W", "IJ", "IJA", "IJN", "HB", "HBR", "EC", "GS", "GE");

    /// Watch, unwatch, and the notification of a watched actor's end.
    private static final Set<Integer> SYSTEM_MESSAGES = Set.of(6, 7, 9);

    /// What a message came in.
    private enum Wrapping {
        NONE,
        SELECTION,
        SYSTEM_ENVELOPE
    }

    private final CertificateRoles peer;
    private final boolean verifyHosts;

    /// @param verifyHosts whether the peer's host must be among its certificate's names
    Gate(CertificateRoles peer, boolean verifyHosts) {
        this.peer = peer;
        this.verifyHosts = verifyHosts;
    }

    /// @throws RefusedException if the peer may not send this
    void check(Frame frame) {
        check(frame.serializer(), frame.manifest(), frame.payload(), Wrapping.NONE);
    }

    private void check(int serializer, String manifest, ByteBuffer payload, Wrapping in) {
        if (MessageKinds.isOurs(serializer) && in != Wrapping.SYSTEM_ENVELOPE) {
            Class<?> type = MessageKinds.of(serializer, manifest, payload)
                    .orElseThrow(() -> new RefusedException("a message of another release"));
            SendingRights.refusal(peer.roles(), type).ifPresent(why -> {
                throw new RefusedException(why);
            });
            return;
        }
        if (!isOfPekko(serializer, manifest, in)) {
            throw new RefusedException("a message that nodes do not send (serializer %d, manifest \"%s\")"
                    .formatted(serializer, manifest));
        }
        try {
            within(serializer, manifest, payload);
        } catch (IOException e) {
            throw new RefusedException("a message that cannot be read (serializer %d, manifest \"%s\"): %s"
                    .formatted(serializer, manifest, e.getMessage()));
        }
    }

    private static boolean isOfPekko(int serializer, String manifest, Wrapping in) {
        return switch (serializer) {
            case ARTERY -> ARTERY_MANIFESTS.contains(manifest) && in == Wrapping.NONE;
            case SELECTION -> in == Wrapping.NONE;
            case SYSTEM -> in == Wrapping.SYSTEM_ENVELOPE;
            case CLUSTER -> CLUSTER_MANIFESTS.contains(manifest) && in != Wrapping.SYSTEM_ENVELOPE;
            case MISC -> MISC_MANIFESTS.contains(manifest) && in != Wrapping.SYSTEM_ENVELOPE;
            default -> OF_THE_CLUSTER.contains(serializer) && in != Wrapping.SYSTEM_ENVELOPE;
        };
    }

    /// The messages that hold what is to be checked. Field numbers are those of Pekko's Protobuf formats.
    private void within(int serializer, String manifest, ByteBuffer payload) throws IOException {
        if (serializer == SELECTION) {
            Fields envelope = Fields.of(payload);
            check(envelope.number(2), envelope.text(4), envelope.bytes(1), Wrapping.SELECTION);
        } else if (serializer == ARTERY && manifest.equals(SYSTEM_ENVELOPE)) {
            Fields envelope = Fields.of(payload);
            check(envelope.number(2), envelope.text(3), envelope.bytes(1), Wrapping.SYSTEM_ENVELOPE);
        } else if (serializer == ARTERY && (manifest.equals(HANDSHAKE) || manifest.equals(HANDSHAKE_ANSWER))) {
            checkHost(Fields.of(Fields.of(Fields.of(payload).bytes(1)).bytes(1)).text(3));
        } else if (serializer == SYSTEM
                && !SYSTEM_MESSAGES.contains(Fields.of(payload).number(1))) {
            throw new RefusedException("a system message that would change another node's actors");
        } else if (serializer == CLUSTER && manifest.equals(JOIN)) {
            checkJoin(Fields.of(payload));
        }
    }

    private void checkJoin(Fields join) throws IOException {
        checkHost(Fields.of(Fields.of(join.bytes(1)).bytes(1)).text(2));
        for (String role : join.texts(2)) {
            // Pekko adds the data center as a role of its own.
            if (!role.startsWith("dc-") && !peer.roles().contains(role)) {
                throw new RefusedException("it would join as %s, its certificate is for %s"
                        .formatted(role, String.join(", ", peer.roles())));
            }
        }
    }

    private void checkHost(String host) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        if (verifyHosts && !peer.isFor(bare)) {
            throw new RefusedException(
                    "it calls itself %s, its certificate is for %s".formatted(host, String.join(", ", peer.hosts())));
        }
    }
}
