package io.railhead.learner.objective;

/// Importance ratios from differences of log-probabilities.
public final class Ratio {
    /// Log-ratios are bounded by this on either side. e^20 = 4.9e8: far outside every clip range, and finite in
    /// single precision.
    public static final double LOG_BOUND = 20;

    private Ratio() {}

    /// `exp(logRatio)`, the log-ratio bounded by +-20.
    public static double of(double logRatio) {
        return Math.exp(Math.clamp(logRatio, -LOG_BOUND, LOG_BOUND));
    }

    /// Whether the bound is exceeded: the gradient through the ratio is 0 then.
    public static boolean bounded(double logRatio) {
        return Math.abs(logRatio) > LOG_BOUND;
    }
}
