package io.railhead.app.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EstimateTest {
    @Test
    void whatIsTheSameForAllQuestionsAndSeedsIsCertain() {
        assertThat(Estimate.of(List.of(new double[] {3, 3}, new double[] {3, 3}), new double[] {1, 2}))
                .isEqualTo(new Estimate(3, 3, 3, Optional.empty()));
    }

    @Test
    void weightsCount() {
        assertThat(Estimate.of(List.of(new double[] {100, 0}), new double[] {3, 1})
                        .mean())
                .isEqualTo(75);
    }

    @Test
    void theIntervalOfOneSeedIsThatOfAMean() {
        Random random = new Random(4);
        double[] values = random.doubles(400).map(u -> u < 0.3 ? 1 : 0).toArray();
        double[] weights = new double[400];
        java.util.Arrays.fill(weights, 1);
        Estimate estimate = Estimate.of(List.of(values), weights);
        double p = estimate.mean();
        double half = 1.96 * Math.sqrt(p * (1 - p) / 400);
        assertThat(estimate.low()).isCloseTo(p - half, offset(0.006));
        assertThat(estimate.high()).isCloseTo(p + half, offset(0.006));
    }

    @Test
    void threeSeedsHaveStudentsInterval() {
        Estimate estimate =
                Estimate.of(List.of(new double[] {1}, new double[] {2}, new double[] {3}), new double[] {1});
        assertThat(estimate.overSeeds()).hasValueSatisfying(interval -> {
            assertThat(interval.low()).isCloseTo(2 - 4.303 / Math.sqrt(3), offset(1e-9));
            assertThat(interval.high()).isCloseTo(2 + 4.303 / Math.sqrt(3), offset(1e-9));
        });
        assertThat(estimate.low()).isEqualTo(1);
        assertThat(estimate.high()).isEqualTo(3);
    }
}
