package io.railhead.transit.metric;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// A weighted mean with its 95 % bootstrap interval: of map scores, or of tokens.
///
/// @param total over how many items
public record Mean(String name, int total, double mean, double low, double high) {
    static Mean of(String name, Weighting weighting, List<Outcome> outcomes, ToDoubleFunction<Outcome> value) {
        double[] values = outcomes.stream().mapToDouble(value).toArray();
        double[] weights = outcomes.stream()
                .mapToDouble(outcome -> weighting.weight(outcome.mapDifficulty(), outcome.transfers()))
                .toArray();
        return of(name, values, weights);
    }

    /// @param weights of the values, in their order
    public static Mean of(String name, double[] values, double[] weights) {
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < values.length; i++) {
            sum += weights[i] * values[i];
            weight += weights[i];
        }
        double[] interval = Bootstrap.interval(values, weights);
        return new Mean(name, values.length, sum / weight, interval[0], interval[1]);
    }

    /// The rows for people under a head.
    public static String table(List<Mean> rows) {
        var text = new StringBuilder(
                String.format(Locale.ROOT, "%-30s %7s %7s %7s  %s\n", "mean", "", "of", "", "95 % interval"));
        for (Mean row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-28s %7s %7d %7.2f  %.2f - %.2f\n",
                    row.name(),
                    "",
                    row.total(),
                    row.mean(),
                    row.low(),
                    row.high()));
        }
        return text.toString();
    }
}
