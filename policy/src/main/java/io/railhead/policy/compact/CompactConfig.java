package io.railhead.policy.compact;

import io.railhead.policy.VisionCost;
import java.util.List;

/// Shape of a compact tower, without a classifier.
///
/// @param width multiplier of all channels: 1 is the published network
public record CompactConfig(Family family, double width, List<SubspaceAttention> attention) {
    private static final int DIVISOR = 8;

    public CompactConfig {
        attention = List.copyOf(attention);
        if (!(width > 0) || width > 4) {
            throw new IllegalArgumentException("a width multiplier is above 0 and at most 4, not " + width);
        }
    }

    /// In the order of computation; the first one is number 0, the stem. Where attention stands in a block's place, it
    /// has
    /// the block's number.
    public List<List<Layer>> blocks() {
        return switch (family) {
            case MOBILENET_V1 -> MobileNetV1.blocks(this);
            case MOBILENET_V2 -> MobileNetV2.blocks(this);
        };
    }

    /// Of a picture of so many pixels.
    public VisionCost cost(int rows, int columns) {
        VisionCost cost = VisionCost.NONE;
        int high = rows;
        int wide = columns;
        for (Layer layer : blocks().stream().flatMap(List::stream).toList()) {
            cost = cost.plus(layer.cost(high, wide));
            high = layer.size(high);
            wide = layer.size(wide);
        }
        return cost;
    }

    /// So many channels times the multiplier, to the nearest multiple of 8 that loses less than a tenth.
    int channels(int published) {
        double wanted = published * width;
        int rounded = Math.max(DIVISOR, (int) (wanted + DIVISOR / 2.0) / DIVISOR * DIVISOR);
        return rounded < 0.9 * wanted ? rounded + DIVISOR : rounded;
    }

    /// Puts attention where it is asked for.
    ///
    /// @param blocks without any
    /// @throws IllegalArgumentException if there is no such block, or it cannot be replaced: it makes the
    ///     picture smaller, or its channels differ
    List<List<Layer>> attended(List<List<Layer>> blocks) {
        List<List<Layer>> all = new java.util.ArrayList<>(blocks);
        for (SubspaceAttention each : attention) {
            if (each.block() < 1 || each.block() >= blocks.size()) {
                throw new IllegalArgumentException(
                        "there is no block %d: they are 1 to %d".formatted(each.block(), blocks.size() - 1));
            }
            List<Layer> block = all.get(each.block());
            int channels = block.getLast().channels();
            String name = "features.%d.ulsam".formatted(each.block());
            Layer subspaces = new Layer.Subspaces(name, channels, each.subspaces());
            all.set(
                    each.block(),
                    switch (each.place()) {
                        case AFTER -> join(block, subspaces);
                        case INSTEAD_OF -> {
                            requireReplaceable(all, each.block());
                            yield List.of(subspaces);
                        }
                    });
        }
        return List.copyOf(all);
    }

    private static List<Layer> join(List<Layer> block, Layer last) {
        List<Layer> joined = new java.util.ArrayList<>(block);
        joined.add(last);
        return List.copyOf(joined);
    }

    private static void requireReplaceable(List<List<Layer>> blocks, int number) {
        int in = blocks.get(number - 1).getLast().channels();
        List<Layer> block = blocks.get(number);
        if (in != block.getLast().channels() || block.stream().anyMatch(layer -> layer.size(DIVISOR) != DIVISOR)) {
            throw new IllegalArgumentException(
                    "block %d cannot be replaced: it changes the number of channels or the size".formatted(number));
        }
    }
}
