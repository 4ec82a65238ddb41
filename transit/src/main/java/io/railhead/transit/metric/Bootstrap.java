package io.railhead.transit.metric;

import io.railhead.transit.Seeds;
import java.util.Arrays;
import java.util.Random;

/// Confidence intervals of weighted means by drawing the items anew, with replacement, many times. The same items and
/// seed give the same interval.
final class Bootstrap {
    private static final int ROUNDS = 2000;
    private static final long SEED = 20251; // of no meaning

    private Bootstrap() {}

    /// The 95 % interval of sum(weight * value) / sum(weight): low, high.
    static double[] interval(double[] values, double[] weights) {
        Random random = Seeds.random(SEED);
        double[] means = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            double sum = 0;
            double weight = 0;
            for (int i = 0; i < values.length; i++) {
                int drawn = random.nextInt(values.length);
                sum += weights[drawn] * values[drawn];
                weight += weights[drawn];
            }
            means[round] = sum / weight;
        }
        Arrays.sort(means);
        return new double[] {means[Math.round(0.025f * (ROUNDS - 1))], means[Math.round(0.975f * (ROUNDS - 1))]};
    }
}
