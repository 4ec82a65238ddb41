package io.railhead.learner.objective;

/// The clipped surrogate of [PPO](https://arxiv.org/abs/1707.06347), with separate bounds
/// ([DAPO](https://arxiv.org/abs/2503.14476)) and the optional [dual clip](https://arxiv.org/abs/1912.09729).
///
/// `l = max(-A r, -A clip(r, 1 - low, 1 + high))` with `r = exp(target - proximal)`; if `A < 0`, at most `-dual A`.
/// The log-ratio is bounded by +-20, beyond which its gradient is 0. `dual` is infinite where there is no dual
/// clip.
public record RatioClip(double low, double high, double dual) {
    /// e^20 = 4.9e8: far outside every clip range, and finite in single precision.
    static final double LOG_RATIO_BOUND = 20;

    public RatioClip {
        if (!(low >= 0 && low <= 1)) {
            throw new IllegalArgumentException("the lower clip bound is in [0, 1]: " + low);
        }
        if (!(high >= 0)) {
            throw new IllegalArgumentException("the upper clip bound is not negative: " + high);
        }
        if (!(dual > 1)) {
            throw new IllegalArgumentException("the dual clip is above 1: " + dual);
        }
    }

    public static RatioClip of(double low, double high) {
        return new RatioClip(low, high, Double.POSITIVE_INFINITY);
    }

    /// Which bound, if any, cut a token's gradient off.
    enum Cut {
        NONE,
        HIGH,
        LOW,
        DUAL
    }

    Cut cut(double logRatio, double advantage) {
        double ratio = ratio(logRatio);
        if (advantage > 0 && ratio > 1 + high) {
            return Cut.HIGH;
        }
        if (advantage < 0 && ratio < 1 - low) {
            return Cut.LOW;
        }
        return advantage < 0 && ratio > dual ? Cut.DUAL : Cut.NONE;
    }

    Term term(double logRatio, double advantage) {
        double ratio = ratio(logRatio);
        boolean bounded = Math.abs(logRatio) > LOG_RATIO_BOUND;
        return switch (cut(logRatio, advantage)) {
            case NONE -> new Term(-advantage * ratio, bounded ? 0 : -advantage * ratio);
            case HIGH -> new Term(-advantage * (1 + high), 0);
            case LOW -> new Term(-advantage * (1 - low), 0);
            case DUAL -> new Term(-advantage * dual, 0);
        };
    }

    static double ratio(double logRatio) {
        return Math.exp(Math.clamp(logRatio, -LOG_RATIO_BOUND, LOG_RATIO_BOUND));
    }
}
