package io.railhead.policy;

/// A decoded picture, read row by row so that no second copy of a large one is needed.
interface PixelRows {
    ImageSize size();

    /// Fills `rgb` with row `y`, three bytes a pixel.
    void read(int y, byte[] rgb);
}
