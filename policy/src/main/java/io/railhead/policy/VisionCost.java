package io.railhead.policy;

/// What a vision tower costs.
///
/// @param parameters that are trained
/// @param multiplyAccumulates of one picture: of convolutions, linear layers and attention; norms, activations and sums
///     are not counted, as is usual
public record VisionCost(long parameters, long multiplyAccumulates) {
    public static final VisionCost NONE = new VisionCost(0, 0);

    public VisionCost plus(VisionCost other) {
        return new VisionCost(parameters + other.parameters, multiplyAccumulates + other.multiplyAccumulates);
    }

    /// Of the tower of Qwen2.5-VL with its merger.
    ///
    /// @param rows of patches, a multiple of the merge size
    /// @param columns of patches, a multiple of the merge size
    public static VisionCost of(PolicyConfig config, int rows, int columns) {
        VisionConfig vision = config.vision();
        int merge = vision.spatialMergeSize();
        if (rows < 1 || columns < 1 || rows % merge != 0 || columns % merge != 0) {
            throw new IllegalArgumentException(
                    "%d x %d patches are no multiples of %d".formatted(rows, columns, merge));
        }
        long parameters = ParameterShape.of(config).stream()
                .filter(weight -> weight.name().startsWith("visual."))
                .mapToLong(ParameterShape::elements)
                .sum();
        long patches = (long) rows * columns;
        long width = vision.hiddenSize();
        long merged = width * merge * merge;
        long work = patches * vision.patchLength() * width;
        long linear = patches * (4 * width * width + 3 * width * vision.intermediateSize());
        for (int block = 0; block < vision.depth(); block++) {
            boolean whole = vision.fullAttentionBlocks().contains(block);
            long pairs = whole ? patches * patches : pairsInWindows(vision, rows, columns);
            work += linear + 2 * pairs * width; // scores, and the values' sum
        }
        work += patches / ((long) merge * merge) * (merged * merged + merged * vision.outHiddenSize());
        return new VisionCost(parameters, work);
    }

    /// Pairs of patches that see each other, where the picture is cut into windows from its upper left corner.
    private static long pairsInWindows(VisionConfig vision, int rows, int columns) {
        int side = vision.windowSize() / vision.patchSize() / vision.spatialMergeSize() * vision.spatialMergeSize();
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
