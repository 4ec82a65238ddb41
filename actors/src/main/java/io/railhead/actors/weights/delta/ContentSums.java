package io.railhead.actors.weights.delta;

import io.railhead.actors.weights.delta.WeightsLayout.Place;
import io.railhead.policy.WeightsSnapshot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/// The CRC32C of each block of a snapshot's contents, and the root over them all, which names the contents.
///
/// Equal contents have equal roots whatever their version is and whichever way they came.
public final class ContentSums {
    private final WeightsLayout layout;
    private final int[][] sums; // [tensor][block]

    private ContentSums(WeightsLayout layout, int[][] sums) {
        this.layout = layout;
        this.sums = sums;
    }

    public static ContentSums of(WeightsSnapshot snapshot, BlockWorkers workers) {
        Builder sums = new Builder(WeightsLayout.of(snapshot));
        List<Place> places = sums.layout.places();
        try {
            workers.each(places.size(), Buffer::new, (buffer, i) -> {
                Place place = places.get(i);
                int length = sums.layout.tensors().get(place.tensor()).blockBytes(place.block());
                Scratch.load(snapshot.tensors().get(place.tensor()), place.block(), buffer.bytes, length);
                sums.put(place, Checksum.of(buffer.bytes, length));
            });
        } catch (DamagedWeightsException e) {
            throw new IllegalStateException("sums do not judge", e);
        }
        return sums.build();
    }

    private static final class Buffer implements BlockWorkers.Memory {
        private final byte[] bytes = new byte[WeightsLayout.BLOCK_BYTES];

        @Override
        public void close() {}
    }

    /// Takes the sums from many threads, each block's once.
    static final class Builder {
        private final WeightsLayout layout;
        private final int[][] sums;

        Builder(WeightsLayout layout) {
            this.layout = layout;
            this.sums = layout.tensors().stream()
                    .map(tensor -> new int[tensor.blockCount()])
                    .toArray(int[][]::new);
        }

        void put(Place place, int sum) {
            sums[place.tensor()][place.block()] = sum;
        }

        ContentSums build() {
            return new ContentSums(layout, sums);
        }
    }

    public WeightsLayout layout() {
        return layout;
    }

    int of(Place place) {
        return sums[place.tensor()][place.block()];
    }

    /// SHA-256 over each tensor's name, type and shape and the sums of its blocks, as 64 hexadecimal digits.
    public String root() {
        MessageDigest digest = Sha256.digest();
        for (int i = 0; i < sums.length; i++) {
            WeightsLayout.Tensor tensor = layout.tensors().get(i);
            String header = tensor.name() + "|" + tensor.type() + "|" + tensor.shape() + "\n";
            digest.update(header.getBytes(StandardCharsets.UTF_8));
            ByteBuffer bytes = ByteBuffer.allocate(sums[i].length * Integer.BYTES);
            bytes.asIntBuffer().put(sums[i]);
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
