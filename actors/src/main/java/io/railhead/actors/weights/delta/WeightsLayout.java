package io.railhead.actors.weights.delta;

import io.railhead.policy.NamedTensor;
import io.railhead.policy.NamedTensor.ElementType;
import io.railhead.policy.WeightsSnapshot;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The tensors of a snapshot without their contents, in the order of their names, and how those are cut into blocks.
public record WeightsLayout(List<Tensor> tensors) {
    /// Bytes of a block; the last one of a tensor may be shorter. A multiple of every element's size, small
    /// enough for a processor's cache to hold the old and the new one.
    public static final int BLOCK_BYTES = 1 << 20;

    public record Tensor(String name, ElementType type, List<Long> shape) {
        public Tensor {
            shape = List.copyOf(shape);
        }

        public static Tensor of(NamedTensor tensor) {
            return new Tensor(tensor.name(), tensor.type(), tensor.shape());
        }

        /// @throws ArithmeticException if the shape has more elements than can be counted
        public long byteCount() {
            return shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
        }

        public int blockCount() {
            return Math.toIntExact((byteCount() + BLOCK_BYTES - 1) / BLOCK_BYTES);
        }

        public int blockBytes(int block) {
            return (int) Math.min(BLOCK_BYTES, byteCount() - startOf(block));
        }

        public static long startOf(int block) {
            return (long) block * BLOCK_BYTES;
        }
    }

    /// A block by the number of its tensor and its own within the tensor.
    public record Place(int tensor, int block) {}

    public WeightsLayout {
        tensors = List.copyOf(tensors);
        for (int i = 1; i < tensors.size(); i++) {
            if (tensors.get(i - 1).name().compareTo(tensors.get(i).name()) >= 0) {
                throw new IllegalArgumentException("tensor %s does not come after %s"
                        .formatted(tensors.get(i).name(), tensors.get(i - 1).name()));
            }
        }
    }

    public static WeightsLayout of(WeightsSnapshot snapshot) {
        return new WeightsLayout(snapshot.tensors().stream().map(Tensor::of).toList());
    }

    public long byteCount() {
        return tensors.stream().mapToLong(Tensor::byteCount).reduce(0, Math::addExact);
    }

    /// The block's bytes where they are.
    ///
    /// @param tensor contents of the place's tensor
    MemorySegment block(MemorySegment tensor, Place place) {
        return tensor.asSlice(
                Tensor.startOf(place.block()), tensors.get(place.tensor()).blockBytes(place.block()));
    }

    /// All blocks in the order in which they travel.
    public List<Place> places() {
        List<Place> places = new ArrayList<>();
        for (int tensor = 0; tensor < tensors.size(); tensor++) {
            for (int block = 0; block < tensors.get(tensor).blockCount(); block++) {
                places.add(new Place(tensor, block));
            }
        }
        return places;
    }
}
