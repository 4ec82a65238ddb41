package io.railhead.actors.weights.delta;

import io.railhead.actors.weights.delta.WeightsLayout.Place;
import io.railhead.policy.NamedTensor;
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
            workers.each(places.size(), () -> BlockWorkers.Memory.NONE, (_, i) -> {
                Place place = places.get(i);
                NamedTensor tensor = snapshot.tensors().get(place.tensor());
                sums.put(
                        place,
                        Checksum.of(sums.layout.block(tensor.data(), place).asByteBuffer()));
            });
        } catch (DamagedWeightsException e) {
            throw new IllegalStateException("sums do not judge", e);
        }
        return sums.build();
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
