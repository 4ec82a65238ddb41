package io.railhead.policy.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The vision transformer of Qwen2.5-VL. `windowSize` is in pixels; the blocks named by `fullAttentionBlocks` attend to
/// the whole picture, the others within a window.
public record TransformerTower(
        int depth,
        int hiddenSize,
        int intermediateSize,
        int heads,
        int patchSize,
        int temporalPatchSize,
        int spatialMergeSize,
        int windowSize,
        List<Integer> fullAttentionBlocks,
        int outHiddenSize,
        int inChannels)
        implements VisionConfig {
    public TransformerTower {
        fullAttentionBlocks = List.copyOf(fullAttentionBlocks);
        VisionConfig.requirePositive("depth", depth);
        VisionConfig.requirePositive("hidden_size", hiddenSize);
        VisionConfig.requirePositive("intermediate_size", intermediateSize);
        VisionConfig.requirePositive("num_heads", heads);
        VisionConfig.requirePositive("patch_size", patchSize);
        VisionConfig.requirePositive("temporal_patch_size", temporalPatchSize);
        VisionConfig.requirePositive("spatial_merge_size", spatialMergeSize);
        VisionConfig.requirePositive("out_hidden_size", outHiddenSize);
        VisionConfig.requirePositive("in_channels", inChannels);
        if (hiddenSize % heads != 0 || hiddenSize / heads % 4 != 0) {
            throw new IllegalArgumentException("hidden_size = %d does not give num_heads = %d heads of a multiple of 4"
                    .formatted(hiddenSize, heads));
        }
        if (windowSize < spatialMergeSize * patchSize) {
            throw new IllegalArgumentException("window_size = %d is below one merged patch of %d pixels"
                    .formatted(windowSize, spatialMergeSize * patchSize));
        }
    }

    /// The embedding of patches, the blocks, the merger.
    @Override
    public List<List<Weight>> groups() {
        List<List<Weight>> groups = new ArrayList<>();
        groups.add(List.of(
                Weight.of("patch_embed.proj.weight", hiddenSize, inChannels, temporalPatchSize, patchSize, patchSize)));
        for (int i = 0; i < depth; i++) {
            groups.add(block("blocks." + i + "."));
        }
        groups.add(Weight.merger(hiddenSize, spatialMergeSize, outHiddenSize));
        return List.copyOf(groups);
    }

    private List<Weight> block(String name) {
        return Stream.of(
                        Stream.of(Weight.of(name + "norm1.weight", hiddenSize)),
                        Weight.linear(name + "attn.qkv", 3L * hiddenSize, hiddenSize),
                        Weight.linear(name + "attn.proj", hiddenSize, hiddenSize),
                        Stream.of(Weight.of(name + "norm2.weight", hiddenSize)),
                        Weight.linear(name + "mlp.gate_proj", intermediateSize, hiddenSize),
                        Weight.linear(name + "mlp.up_proj", intermediateSize, hiddenSize),
                        Weight.linear(name + "mlp.down_proj", hiddenSize, intermediateSize))
                .flatMap(parts -> parts)
                .toList();
    }

    @Override
    public long multiplyAccumulates(int rows, int columns) {
        int high = rows / patchSize;
        int wide = columns / patchSize;
        long patches = (long) high * wide;
        long width = hiddenSize;
        long unit = (long) spatialMergeSize * spatialMergeSize;
        long merged = width * unit;
        long work = patches * patchLength() * width;
        long linear = patches * (4 * width * width + 3 * width * intermediateSize);
        for (int block = 0; block < depth; block++) {
            long pairs = fullAttentionBlocks.contains(block) ? patches * patches : pairsInWindows(high, wide);
            work += linear + 2 * pairs * width; // scores, and the values' sum
        }
        return work + patches / unit * (merged * merged + merged * outHiddenSize);
    }

    /// Pairs of patches that see each other, where the picture is cut into windows from its upper left corner.
    private long pairsInWindows(int rows, int columns) {
        int side = windowSize / patchSize / spatialMergeSize * spatialMergeSize;
        long pairs = 0;
        for (int row = 0; row < rows; row += side) {
            for (int column = 0; column < columns; column += side) {
                long inside = (long) Math.min(side, rows - row) * Math.min(side, columns - column);
                pairs += inside * inside;
            }
        }
        return pairs;
    }
}
