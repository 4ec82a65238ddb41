package io.railhead.actors.wire;

import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.RolloutCommand.LeasesGranted;
import io.railhead.actors.protocol.WireMessage;
import io.railhead.actors.settings.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How big a message between nodes may be. What is bigger the transport drops with a line in the log, and whoever sent
/// it never hears; so senders ask here before.
///
/// What is let through serialises to `bytes` less [#ENVELOPE] at most. Sizes are those of the very bytes, counted
/// without making them.
///
/// @param bytes `railhead.cluster.maximum-frame-size`
public record FrameLimit(long bytes) {
    public static final String KEY = "railhead.cluster.maximum-frame-size";

    /// Of one JVM: nothing is sent.
    public static final FrameLimit NONE = new FrameLimit(Long.MAX_VALUE);

    /// For what the transport puts around a message: addresses of sender and receiver, manifest, header.
    static final int ENVELOPE = 2 << 10;

    /// A response's token: id, two log-probabilities and a version at their longest, and its text.
    static final int TOKEN_BYTES = 5 + 4 + 4 + 10 + 16;

    /// For all of a trajectory but the response: question, prompt tokens, answer key, score. The configuration does not
    /// say how long these are; a rollout that turns out too big fails by itself.
    static final int REST_OF_TRAJECTORY = 16 << 10;

    private static final int LIST_ITEM = 6; // tag and length of a lease within its message

    /// Why this message cannot be sent; empty if it can.
    public Optional<String> objection(WireMessage message) {
        if (isNone()) {
            return Optional.empty();
        }
        int size = WireTable.of(message).size(message);
        return size <= room()
                ? Optional.empty()
                : Optional.of("%s of %d bytes is more than %s = %d lets through: %d"
                        .formatted(message.getClass().getSimpleName(), size, KEY, bytes, room()));
    }

    /// Why this lease, its pictures, or a rollout without a token cannot be sent; empty if they can.
    public Optional<String> objection(Lease lease) {
        if (isNone()) {
            return Optional.empty();
        }
        return lease.task().prompt().images().stream()
                .filter(image -> PictureCodec.wholeSize(image) > room())
                .findFirst()
                .map(image -> "picture %s of prompt %s has %d bytes, more than %s = %d lets through: %d"
                        .formatted(image.sha256(), lease.task().prompt().id(), image.byteCount(), KEY, bytes, room()))
                .or(() -> objection(new LeasesGranted(List.of(lease), true)));
    }

    /// The leases in as few messages as it takes, in their order. Each lease must be without objection.
    public List<LeasesGranted> messages(List<Lease> leases) {
        if (isNone()) {
            return List.of(new LeasesGranted(leases));
        }
        List<List<Lease>> parts = new ArrayList<>();
        long left = 0;
        for (Lease lease : leases) {
            int size = LeaseCodec.toProto(lease).getSerializedSize() + LIST_ITEM;
            if (parts.isEmpty() || size > left) {
                parts.add(new ArrayList<>());
                left = room() - 2; // the flag that more comes
            }
            parts.getLast().add(lease);
            left -= size;
        }
        List<LeasesGranted> messages = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            messages.add(new LeasesGranted(parts.get(i), i < parts.size() - 1));
        }
        return List.copyOf(messages);
    }

    /// @throws ConfigurationException if a rollout of so many tokens may be too big
    public void requireRoomFor(int maxTokens) {
        long needed = (long) maxTokens * TOKEN_BYTES + REST_OF_TRAJECTORY + ENVELOPE;
        if (needed > bytes) {
            throw new ConfigurationException(
                    "railhead.stage.sampling.max-tokens = %d makes rollouts of up to %d bytes, more than %s = %d"
                            .formatted(maxTokens, needed, KEY, bytes));
        }
    }

    private boolean isNone() {
        return bytes == Long.MAX_VALUE;
    }

    private long room() {
        return bytes - ENVELOPE;
    }
}
