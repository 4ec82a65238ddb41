package io.railhead.transit.metric;

import java.util.List;

/// An accuracy with its 95 % interval. All three are fractions, 0 to 1.
///
/// The interval is Wilson's, which is sound near 0 and 1 and for few items. Weights enter it through the effective
/// number of items (sum w)^2 / sum w^2, which is the number itself where all weights are equal.
///
/// @param name what it is the accuracy of
/// @param correct how many items were right, each counted once whatever its weight
public record Accuracy(String name, int correct, int total, double accuracy, double low, double high) {
    private static final double Z = 1.959963984540054; // 97.5 % quantile of the normal distribution

    /// @throws IllegalArgumentException if there is no outcome: nothing has no accuracy
    public static Accuracy of(String name, Weighting weighting, List<Outcome> outcomes) {
        if (outcomes.isEmpty()) {
            throw new IllegalArgumentException("no outcome of " + name);
        }
        int correct = 0;
        double weights = 0;
        double squares = 0;
        double earned = 0;
        for (Outcome outcome : outcomes) {
            double weight = weighting.weight(outcome.mapDifficulty(), outcome.transfers());
            weights += weight;
            squares += weight * weight;
            if (outcome.correct()) {
                correct++;
                earned += weight;
            }
        }
        double p = earned / weights;
        double n = weights * weights / squares;
        double shrink = 1 + Z * Z / n;
        double centre = (p + Z * Z / (2 * n)) / shrink;
        double half = Z / shrink * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
        return new Accuracy(name, correct, outcomes.size(), p, Math.max(0, centre - half), Math.min(1, centre + half));
    }
}
