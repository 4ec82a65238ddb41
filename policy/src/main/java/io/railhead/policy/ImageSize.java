package io.railhead.policy;

/// Height and width of a picture in pixels.
public record ImageSize(int height, int width) {
    /// Beyond this ratio of its sides a picture is refused, as Qwen's image processor does.
    static final int MAX_ASPECT_RATIO = 200;

    public ImageSize {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("a picture has pixels: " + width + "x" + height);
        }
    }

    public long pixels() {
        return (long) height * width;
    }

    boolean isTooElongated() {
        return Math.max(height, width) > (long) MAX_ASPECT_RATIO * Math.min(height, width);
    }

    /// The size to resize to: both sides multiples of `factor`, the area within the bounds as far as the rounding
    /// allows, the ratio of the sides nearly kept. Rounds half to even, as Python does.
    ImageSize fitted(int factor, long minPixels, long maxPixels) {
        double fittedHeight = Math.rint((double) height / factor) * factor;
        double fittedWidth = Math.rint((double) width / factor) * factor;
        if (fittedHeight * fittedWidth > maxPixels) {
            double shrink = Math.sqrt((double) pixels() / maxPixels);
            fittedHeight = Math.floor(height / shrink / factor) * factor;
            fittedWidth = Math.floor(width / shrink / factor) * factor;
        } else if (fittedHeight * fittedWidth < minPixels) {
            double stretch = Math.sqrt((double) minPixels / pixels());
            fittedHeight = Math.ceil(height * stretch / factor) * factor;
            fittedWidth = Math.ceil(width * stretch / factor) * factor;
        }
        return new ImageSize((int) Math.max(factor, fittedHeight), (int) Math.max(factor, fittedWidth));
    }
}
