package io.railhead.transit.metric;

import java.util.List;
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
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < values.length; i++) {
            sum += weights[i] * values[i];
            weight += weights[i];
        }
        double[] interval = Bootstrap.interval(values, weights);
        return new Mean(name, values.length, sum / weight, interval[0], interval[1]);
    }
}
