package io.railhead.app.ablation;

import io.railhead.transit.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// A weighted mean over questions and seeds, with its 95 % interval: questions and, where there are several, seeds are
/// drawn anew with replacement, 2,000 times. All seeds answer the same questions, so each draw of questions is for all
/// of them.
///
/// @param overSeeds with three or more seeds, Student's 95 % interval of their means, the questions being as they are
public record Estimate(double mean, double low, double high, Optional<Interval> overSeeds) {
    private static final int ROUNDS = 2000;
    private static final long SEED = 20252; // of no meaning
    private static final double[] STUDENT = { // 97.5 % quantiles for 1, 2, ... degrees of freedom
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042
    };

    public record Interval(double low, double high) {}

    /// @param values by seed, then by question
    /// @param weights by question
    static Estimate of(List<double[]> values, double[] weights) {
        double[] means = new double[values.size()];
        for (int seed = 0; seed < means.length; seed++) {
            means[seed] = mean(values.get(seed), weights);
        }
        double mean = Arrays.stream(means).average().orElseThrow();
        double[] drawn = drawn(values, weights);
        return new Estimate(
                mean,
                drawn[Math.round(0.025f * (ROUNDS - 1))],
                drawn[Math.round(0.975f * (ROUNDS - 1))],
                overSeeds(means, mean));
    }

    private static double[] drawn(List<double[]> values, double[] weights) {
        Random random = Seeds.random(SEED);
        double[] drawn = new double[ROUNDS];
        double[] counted = new double[weights.length];
        for (int round = 0; round < ROUNDS; round++) {
            Arrays.fill(counted, 0);
            for (int i = 0; i < weights.length; i++) {
                int question = random.nextInt(weights.length);
                counted[question] += weights[question];
            }
            for (int i = 0; i < values.size(); i++) {
                drawn[round] += mean(values.get(random.nextInt(values.size())), counted) / values.size();
            }
        }
        Arrays.sort(drawn);
        return drawn;
    }

    private static double mean(double[] values, double[] weights) {
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < values.length; i++) {
            sum += weights[i] * values[i];
            weight += weights[i];
        }
        return sum / weight;
    }

    private static Optional<Interval> overSeeds(double[] means, double mean) {
        int n = means.length;
        if (n < 3) {
            return Optional.empty();
        }
        double squares = Arrays.stream(means).map(m -> (m - mean) * (m - mean)).sum();
        double half = student(n - 1) * Math.sqrt(squares / (n - 1) / n);
        return Optional.of(new Interval(mean - half, mean + half));
    }

    private static double student(int freedom) {
        return freedom <= STUDENT.length ? STUDENT[freedom - 1] : 1.96 + 2.42 / freedom;
    }
}
