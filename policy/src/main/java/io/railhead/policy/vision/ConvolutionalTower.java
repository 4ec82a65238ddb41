package io.railhead.policy.vision;

import java.util.ArrayList;
import java.util.List;

/// A convolutional network as a vision tower: each place of its last feature map is a visual token.
///
/// @param lastBlock number of the last block that is used
public record ConvolutionalTower(
        Backbone backbone, int lastBlock, int patchSize, int spatialMergeSize, int outHiddenSize)
        implements VisionConfig {
    public ConvolutionalTower {
        VisionConfig.requirePositive("patch_size", patchSize);
        VisionConfig.requirePositive("spatial_merge_size", spatialMergeSize);
        VisionConfig.requirePositive("out_hidden_size", outHiddenSize);
        int stride = backbone.stride(lastBlock);
        for (SubspaceAttention each : backbone.attention()) {
            if (each.block() > lastBlock) {
                throw new IllegalArgumentException(
                        "attention at block %d is behind last_block = %d".formatted(each.block(), lastBlock));
            }
        }
        if (patchSize * spatialMergeSize != stride) {
            throw new IllegalArgumentException(
                    "patch_size = %d times spatial_merge_size = %d is not %d, the pixels of one place behind block %d"
                            .formatted(patchSize, spatialMergeSize, stride, lastBlock));
        }
    }

    /// The blocks that are used.
    public List<Block> blocks() {
        return backbone.blocks().subList(0, lastBlock + 1);
    }

    /// Pictures alone: each frame of a video would be one.
    @Override
    public int temporalPatchSize() {
        return 1;
    }

    @Override
    public int inChannels() {
        return 3;
    }

    /// The blocks, the merger.
    @Override
    public List<List<Weight>> groups() {
        List<Block> blocks = blocks();
        List<List<Weight>> groups = new ArrayList<>();
        blocks.forEach(block -> groups.add(block.weights()));
        groups.add(Weight.merger(blocks.getLast().channels(), 1, outHiddenSize));
        return List.copyOf(groups);
    }

    @Override
    public long multiplyAccumulates(int rows, int columns) {
        long work = 0;
        int high = rows;
        int wide = columns;
        for (Block block : blocks()) {
            work += block.multiplyAccumulates(high, wide);
            high = block.size(high);
            wide = block.size(wide);
        }
        long width = blocks().getLast().channels();
        return work + (long) high * wide * (width * width + width * outHiddenSize);
    }
}
