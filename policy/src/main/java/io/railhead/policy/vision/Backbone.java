package io.railhead.policy.vision;

import java.util.ArrayList;
import java.util.List;

/// A convolutional network without its classifier.
///
/// @param width multiplier of all channels: 1 is the published network
public record Backbone(Family family, double width, List<SubspaceAttention> attention) {
    private static final int DIVISOR = 8;

    public Backbone {
        attention = List.copyOf(attention);
        if (!(width > 0) || width > 4) {
            throw new IllegalArgumentException("width_multiplier = " + width + " is not above 0 and at most 4");
        }
    }

    /// In the order of computation; the first one is number 0, the stem. Attention in a block's place has its number.
    ///
    /// @throws IllegalArgumentException if attention is where it cannot be
    public List<Block> blocks() {
        List<Block> blocks = switch (family) {
            case MOBILENET_V1 -> MobileNetV1.blocks(this);
            case MOBILENET_V2 -> MobileNetV2.blocks(this);
        };
        return attended(blocks);
    }

    /// Pixels each way that one place of the feature map behind a block stands for.
    ///
    /// @throws IllegalArgumentException if there is no such block
    public int stride(int lastBlock) {
        List<Block> blocks = blocks();
        if (lastBlock < 1 || lastBlock >= blocks.size()) {
            throw new IllegalArgumentException(
                    "last_block = %d is none of the blocks 1 to %d".formatted(lastBlock, blocks.size() - 1));
        }
        return blocks.subList(0, lastBlock + 1).stream().mapToInt(Block::stride).reduce(1, Math::multiplyExact);
    }

    /// So many channels times the multiplier, to the nearest multiple of 8 that loses less than a tenth.
    int channels(int published) {
        double wanted = published * width;
        int rounded = Math.max(DIVISOR, (int) (wanted + DIVISOR / 2.0) / DIVISOR * DIVISOR);
        return rounded < 0.9 * wanted ? rounded + DIVISOR : rounded;
    }

    private List<Block> attended(List<Block> blocks) {
        List<Block> all = new ArrayList<>(blocks);
        for (SubspaceAttention each : attention) {
            if (each.block() < 1 || each.block() >= blocks.size()) {
                throw new IllegalArgumentException(
                        "there is no block %d: they are 1 to %d".formatted(each.block(), blocks.size() - 1));
            }
            Block block = all.get(each.block());
            if (block.attention().isPresent()) {
                throw new IllegalArgumentException("block %d has attention twice".formatted(each.block()));
            }
            var subspaces = new Layer.Subspaces(
                    "features.%d.ulsam".formatted(each.block()), block.channels(), each.subspaces());
            all.set(
                    each.block(),
                    switch (each.place()) {
                        case AFTER -> block.with(subspaces);
                        case INSTEAD_OF -> {
                            requireReplaceable(all, each.block());
                            yield Block.of(subspaces);
                        }
                    });
        }
        return List.copyOf(all);
    }

    private static void requireReplaceable(List<Block> blocks, int number) {
        Block block = blocks.get(number);
        if (blocks.get(number - 1).channels() != block.channels() || block.stride() != 1) {
            throw new IllegalArgumentException(
                    "block %d cannot be replaced: it changes the number of channels or the size".formatted(number));
        }
    }
}
