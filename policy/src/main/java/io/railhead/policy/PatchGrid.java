package io.railhead.policy;

/// A picture as the vision tower takes it: `gridT * gridH * gridW` patches, each
/// `[channel][temporalPatch][patch][patch]`, normalised.
///
/// The patches that merge into one visual token follow each other: rows of merged cells, in a row the cells, in a cell
/// its patches row by row.
@SuppressWarnings("ArrayRecordComponent") // megabytes; lives from decoding to the vision tower, never in a message
public record PatchGrid(float[] patches, int gridT, int gridH, int gridW) {
    public PatchGrid {
        if (gridT < 1 || gridH < 1 || gridW < 1) {
            throw new IllegalArgumentException("a grid has patches: %d x %d x %d".formatted(gridT, gridH, gridW));
        }
        if (patches.length % (gridT * gridH * gridW) != 0) {
            throw new IllegalArgumentException(
                    "%d floats for %d x %d x %d patches".formatted(patches.length, gridT, gridH, gridW));
        }
    }

    public int patchCount() {
        return gridT * gridH * gridW;
    }

    /// Tokens that stand for this picture, when `mergeSize x mergeSize` patches make one.
    public int visualTokens(int mergeSize) {
        return patchCount() / (mergeSize * mergeSize);
    }
}
