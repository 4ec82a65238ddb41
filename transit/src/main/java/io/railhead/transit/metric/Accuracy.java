package io.railhead.transit.metric;

import java.util.List;
import java.util.Locale;

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
        boolean[] correct = new boolean[outcomes.size()];
        double[] weights = new double[outcomes.size()];
        for (int i = 0; i < weights.length; i++) {
            Outcome outcome = outcomes.get(i);
            correct[i] = outcome.correct();
            weights[i] = weighting.weight(outcome.mapDifficulty(), outcome.transfers());
        }
        return of(name, correct, weights, intervals);
    }

    /// @param weights of the items, in the order of the verdicts
    /// @throws IllegalArgumentException if there is no item: nothing has no accuracy
    public static Accuracy of(String name, boolean[] correct, double[] weights, Intervals intervals) {
        if (correct.length == 0) {
            throw new IllegalArgumentException("no outcome of " + name);
        }
        int right = 0;
        double sum = 0;
        double squares = 0;
        double earned = 0;
        double[] values = new double[correct.length];
        for (int i = 0; i < correct.length; i++) {
            sum += weights[i];
            squares += weights[i] * weights[i];
            if (correct[i]) {
                values[i] = 1;
                right++;
                earned += weights[i];
            }
        }
        Accuracy accuracy = of(name, right, correct.length, earned / sum, sum * sum / squares);
        return switch (intervals) {
            case WILSON -> accuracy;
            case BOOTSTRAP -> {
                double[] interval = Bootstrap.interval(values, weights);
                yield new Accuracy(name, right, correct.length, accuracy.accuracy, interval[0], interval[1]);
            }
        };
    }

    /// The rows for people under a head: percentages with their 95 % intervals.
    public static String table(String title, List<Accuracy> rows) {
        var text = new StringBuilder(
                String.format(Locale.ROOT, "%-30s %7s %7s %7s  %s\n", title, "right", "of", "%", "95 % interval"));
        for (Accuracy row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-28s %7d %7d %7.2f  %.2f - %.2f\n",
                    row.name(),
                    row.correct(),
                    row.total(),
                    100 * row.accuracy(),
                    100 * row.low(),
                    100 * row.high()));
        }
        return text.toString();
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
