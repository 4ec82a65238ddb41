package io.railhead.policy.vision;

import java.util.List;

/// Shape of a vision tower. Pictures come as patches, of which `spatialMergeSize` squared make a visual token.
public sealed interface VisionConfig permits TransformerTower, ConvolutionalTower {
    int patchSize();

    int temporalPatchSize();

    int spatialMergeSize();

    int inChannels();

    /// Width of the visual tokens: that of the decoder.
    int outHiddenSize();

    /// The weights in the order of computation, in groups that operators take together; the merger's are the last.
    List<List<Weight>> groups();

    /// For a picture of so many rows and columns of pixels, multiples of `tokenSize`.
    long multiplyAccumulates(int rows, int columns);

    /// Floats of one patch: `[inChannels][temporalPatchSize][patchSize][patchSize]`.
    default int patchLength() {
        return inChannels() * temporalPatchSize() * patchSize() * patchSize();
    }

    /// Pixels along a side of what a visual token shows.
    default int tokenSize() {
        return patchSize() * spatialMergeSize();
    }

    /// What a picture of so many pixels costs.
    default VisionCost cost(int rows, int columns) {
        if (rows < 1 || columns < 1 || rows % tokenSize() != 0 || columns % tokenSize() != 0) {
            throw new IllegalArgumentException(
                    "%d x %d pixels are no multiples of %d".formatted(rows, columns, tokenSize()));
        }
        long parameters = groups().stream()
                .flatMap(List::stream)
                .filter(Weight::trained)
                .mapToLong(Weight::elements)
                .sum();
        return new VisionCost(parameters, multiplyAccumulates(rows, columns));
    }

    /// @throws IllegalArgumentException naming the key, if the value is below one
    static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " = " + value + " is not positive");
        }
    }
}
