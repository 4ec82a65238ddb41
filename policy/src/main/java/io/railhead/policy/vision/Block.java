package io.railhead.policy.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Some convolutions one after another, what comes in added to what comes out if `residual`, and then
/// attention, if any.
public record Block(List<Layer.Convolution> convolutions, boolean residual, Optional<Layer.Subspaces> attention) {
    public Block {
        convolutions = List.copyOf(convolutions);
    }

    static Block of(Layer.Convolution... convolutions) {
        return new Block(List.of(convolutions), false, Optional.empty());
    }

    /// Only attention in the place of other layers.
    static Block of(Layer.Subspaces attention) {
        return new Block(List.of(), false, Optional.of(attention));
    }

    Block with(Layer.Subspaces after) {
        return new Block(convolutions, residual, Optional.of(after));
    }

    List<Layer> layers() {
        List<Layer> layers = new ArrayList<>(convolutions);
        attention.ifPresent(layers::add);
        return layers;
    }

    /// Channels that come out.
    public int channels() {
        return layers().getLast().channels();
    }

    /// Rows, or columns, that come out of so many.
    public int size(int size) {
        int left = size;
        for (Layer layer : layers()) {
            left = layer.size(left);
        }
        return left;
    }

    /// How many times fewer rows and columns come out.
    int stride() {
        return convolutions.stream().mapToInt(Layer.Convolution::stride).reduce(1, Math::multiplyExact);
    }

    List<Weight> weights() {
        return layers().stream().flatMap(layer -> layer.weights().stream()).toList();
    }

    long multiplyAccumulates(int rows, int columns) {
        long work = 0;
        int high = rows;
        int wide = columns;
        for (Layer layer : layers()) {
            work += layer.multiplyAccumulates(high, wide);
            high = layer.size(high);
            wide = layer.size(wide);
        }
        return work;
    }
}
