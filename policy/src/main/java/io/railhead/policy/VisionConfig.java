package io.railhead.policy;

import java.util.List;

/// Shape of the vision tower. `windowSize` is in pixels; the blocks named by `fullAttentionBlocks` attend to the whole
/// picture, the others within a window.
public record VisionConfig(
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
        int inChannels) {
    public VisionConfig {
        fullAttentionBlocks = List.copyOf(fullAttentionBlocks);
        requirePositive("depth", depth);
        requirePositive("hidden_size", hiddenSize);
        requirePositive("intermediate_size", intermediateSize);
        requirePositive("num_heads", heads);
        requirePositive("patch_size", patchSize);
        requirePositive("temporal_patch_size", temporalPatchSize);
        requirePositive("spatial_merge_size", spatialMergeSize);
        requirePositive("out_hidden_size", outHiddenSize);
        requirePositive("in_channels", inChannels);
        if (hiddenSize % heads != 0 || hiddenSize / heads % 4 != 0) {
            throw new IllegalArgumentException("hidden_size = %d does not give num_heads = %d heads of a multiple of 4"
                    .formatted(hiddenSize, heads));
        }
        if (windowSize < spatialMergeSize * patchSize) {
            throw new IllegalArgumentException("window_size = %d is below one merged patch of %d pixels"
                    .formatted(windowSize, spatialMergeSize * patchSize));
        }
    }

    /// Floats of one patch: `[inChannels][temporalPatchSize][patchSize][patchSize]`.
    public int patchLength() {
        return inChannels * temporalPatchSize * patchSize * patchSize;
    }

    static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " = " + value + " is not positive");
        }
    }
}
