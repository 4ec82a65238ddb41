package io.railhead.learner.objective;

/// An interval of weights, ends included.
public record Bounds(double low, double high) {
    /// Everything.
    public static final Bounds NONE = new Bounds(0, Double.POSITIVE_INFINITY);

    public Bounds {
        if (!(low >= 0 && low < high)) {
            throw new IllegalArgumentException("bounds of weights: " + low + " to " + high);
        }
    }

    boolean contain(double weight) {
        return weight >= low && weight <= high;
    }
}
