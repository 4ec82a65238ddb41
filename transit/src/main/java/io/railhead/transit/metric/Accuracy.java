package io.railhead.transit.metric;

import java.util.List;

/// An accuracy with its 95 % interval. All three are fractions, 0 to 1.
///
/// Weights enter Wilson's interval through the effective number of items (sum w)^2 / sum w^2, which is the number
/// itself where all weights are equal.
///
/// @param name what it is the accuracy of
/// @param correct how many items were right, each counted once whatever its weight
public record Accuracy(String name, int correct, int total, double accuracy, double low, double high) {
    private static final double Z = 1.959963984540054; // 97.5 % quantile of the normal distribution

    /// @throws IllegalArgumentException if there is no outcome: nothing has no accuracy
    public static Accuracy of(String name, Weighting weighting, List<Outcome> outcomes) {
        return of(name, weighting, outcomes, Intervals.WILSON);
    }

    static Accuracy of(String name, Weighting weighting, List<Outcome> outcomes, Intervals intervals) {
        return switch (intervals) {
            case WILSON -> wilson(name, weighting, outcomes);
            case BOOTSTRAP -> {
                Accuracy accuracy = wilson(name, weighting, outcomes);
                Mean mean = Mean.of(name, weighting, outcomes, outcome -> outcome.correct() ? 1 : 0);
                yield new Accuracy(name, accuracy.correct, accuracy.total, accuracy.accuracy, mean.low(), mean.high());
            }
        };
    }

    private static Accuracy wilson(String name, Weighting weighting, List<Outcome> outcomes) {
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
        return of(name, correct, outcomes.size(), earned / weights, weights * weights / squares);
    }

    /// Of items that all weigh the same.
    ///
    /// @throws IllegalArgumentException if there is no item: nothing has no accuracy
    public static Accuracy of(String name, int correct, int total) {
        if (total < 1) {
            throw new IllegalArgumentException("no outcome of " + name);
        }
        return of(name, correct, total, (double) correct / total, total);
    }

    /// @param n the effective number of items
    private static Accuracy of(String name, int correct, int total, double p, double n) {
        double shrink = 1 + Z * Z / n;
        double centre = (p + Z * Z / (2 * n)) / shrink;
        double half = Z / shrink * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
        return new Accuracy(name, correct, total, p, Math.max(0, centre - half), Math.min(1, centre + half));
    }
}
