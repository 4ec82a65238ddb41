package io.railhead.actors.weights.delta;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;

/// SHA-256 for each tensor over its chunks as they travel, fed chunk by chunk in their order.
final class ChunkDigests {
    private final MessageDigest[] digests;

    ChunkDigests(WeightsLayout layout) {
        digests = new MessageDigest[layout.tensors().size()];
        for (int i = 0; i < digests.length; i++) {
            digests[i] = Sha256.digest();
        }
    }

    static List<String> of(WeightsLayout layout, int count, IntFunction<Chunk> chunks) {
        ChunkDigests digests = new ChunkDigests(layout);
        for (int i = 0; i < count; i++) {
            Chunk chunk = chunks.apply(i);
            digests.update(chunk.header(), chunk.payload());
        }
        return digests.finish();
    }

    void update(Chunk.Header header, ByteBuffer payload) {
        MessageDigest digest = digests[header.place().tensor()];
        digest.update(header.bytes());
        digest.update(payload.duplicate());
    }

    /// In the order of the tensors; a tensor without elements has no chunk and the digest of nothing.
    List<String> finish() {
        List<String> all = new ArrayList<>();
        for (MessageDigest digest : digests) {
            all.add(HexFormat.of().formatHex(digest.digest()));
        }
        return List.copyOf(all);
    }
}
