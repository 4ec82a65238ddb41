package io.railhead.policy;

/// Bicubic resampling of 8-bit RGB, bit-equal to Pillow's `Image.resize(size, BICUBIC)`.
///
/// Horizontal pass, then vertical, each rounded to bytes. When shrinking, the kernel is as wide as the source pixels it
/// covers (antialiasing). Weights are fixed-point integers with 22 fractional bits.
final class BicubicResize {
    private static final int FRACTION_BITS = 22;
    private static final int HALF = 1 << (FRACTION_BITS - 1);
    private static final double SUPPORT = 2;
    private static final double SHARPNESS = -0.5;

    private BicubicResize() {}

    /// @return RGB bytes `[height][width][3]` of the given size
    static byte[] resize(PixelRows source, ImageSize size) {
        if (source.size().equals(size)) {
            return unchanged(source); // all weights would be 0 and 1
        }
        int sourceHeight = source.size().height();
        byte[] row = new byte[source.size().width() * 3];
        byte[] narrowed = new byte[Math.multiplyExact(Math.multiplyExact(sourceHeight, size.width()), 3)];
        Taps columns = Taps.of(source.size().width(), size.width());
        for (int y = 0; y < sourceHeight; y++) {
            source.read(y, row);
            for (int x = 0; x < size.width(); x++) {
                columns.apply(x, row, 0, 3, narrowed, (y * size.width() + x) * 3);
            }
        }
        byte[] resized = new byte[Math.multiplyExact(Math.multiplyExact(size.height(), size.width()), 3)];
        Taps rows = Taps.of(sourceHeight, size.height());
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++) {
                rows.apply(y, narrowed, x * 3, size.width() * 3, resized, (y * size.width() + x) * 3);
            }
        }
        return resized;
    }

    private static byte[] unchanged(PixelRows source) {
        int width = source.size().width() * 3;
        byte[] row = new byte[width];
        byte[] rgb = new byte[Math.multiplyExact(source.size().height(), width)];
        for (int y = 0; y < source.size().height(); y++) {
            source.read(y, row);
            System.arraycopy(row, 0, rgb, y * width, width);
        }
        return rgb;
    }

    private static double cubic(double distance) {
        double x = Math.abs(distance);
        if (x < 1) {
            return ((SHARPNESS + 2) * x - (SHARPNESS + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * SHARPNESS : 0;
    }

    /// For each target pixel of one axis: the first source pixel it takes from, and the weights from there on.
    @SuppressWarnings("ArrayRecordComponent") // lives for one pass
    private record Taps(int[] first, int[][] weights) {
        static Taps of(int sourceLength, int targetLength) {
            double scale = (double) sourceLength / targetLength;
            double stretch = Math.max(scale, 1);
            double support = SUPPORT * stretch;
            double shrink = 1 / stretch;
            int[] first = new int[targetLength];
            int[][] weights = new int[targetLength][];
            for (int target = 0; target < targetLength; target++) {
                double centre = (target + 0.5) * scale;
                int from = Math.max(0, (int) (centre - support + 0.5));
                int to = Math.min(sourceLength, (int) (centre + support + 0.5));
                first[target] = from;
                weights[target] = fixedPoint(exact(from, to, centre, shrink));
            }
            return new Taps(first, weights);
        }

        private static double[] exact(int from, int to, double centre, double shrink) {
            double[] weights = new double[to - from];
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                weights[i] = cubic((i + from - centre + 0.5) * shrink);
                sum += weights[i];
            }
            for (int i = 0; i < weights.length; i++) {
                weights[i] /= sum;
            }
            return weights;
        }

        private static int[] fixedPoint(double[] weights) {
            int[] fixed = new int[weights.length];
            for (int i = 0; i < weights.length; i++) {
                double scaled = weights[i] * (1 << FRACTION_BITS);
                fixed[i] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
            }
            return fixed;
        }

        /// Writes one RGB pixel: the weighted sum of source pixels that lie `stride` bytes apart.
        void apply(int target, byte[] source, int offset, int stride, byte[] out, int at) {
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            int pixel = offset + first[target] * stride;
            for (int weight : weights[target]) {
                red += (source[pixel] & 255) * weight;
                green += (source[pixel + 1] & 255) * weight;
                blue += (source[pixel + 2] & 255) * weight;
                pixel += stride;
            }
            out[at] = clipped(red);
            out[at + 1] = clipped(green);
            out[at + 2] = clipped(blue);
        }

        private static byte clipped(int sum) {
            return (byte) Math.clamp(sum >> FRACTION_BITS, 0, 255);
        }
    }
}
