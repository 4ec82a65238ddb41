package io.railhead.learner.objective;

/// A token's share of a loss before aggregation, and its derivative by the token's target log-probability.
///
/// @param slope the derivative, which for factors that count as constants is not that of `value`
/// @param cut the bound that was at work, for the clip fractions
public record Term(double value, double slope, Cut cut) {
    public Term(double value, double slope) {
        this(value, slope, Cut.NONE);
    }
}
