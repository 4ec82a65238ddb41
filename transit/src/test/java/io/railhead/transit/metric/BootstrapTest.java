package io.railhead.transit.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    @Test
    void agreesWithTheNormalIntervalWhereThatHolds() {
        double[] values = new double[400];
        Arrays.fill(values, 0, 120, 1);
        double[] weights = new double[400];
        Arrays.fill(weights, 2);
        double half = 1.96 * Math.sqrt(0.3 * 0.7 / 400);
        double[] interval = Bootstrap.interval(values, weights);
        assertThat(interval[0]).isCloseTo(0.3 - half, within(0.01));
        assertThat(interval[1]).isCloseTo(0.3 + half, within(0.01));
        assertThat(Bootstrap.interval(values, weights)).isEqualTo(interval);
    }

    @Test
    void oneItemHasNoWidth() {
        assertThat(Bootstrap.interval(new double[] {7}, new double[] {3})).containsExactly(7, 7);
    }
}
