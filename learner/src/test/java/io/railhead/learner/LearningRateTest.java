package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.railhead.learner.LearningRate.Decay;
import io.railhead.policy.PolicyVersion;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LearningRateTest {
    @Test
    void warmsUpLinearlyWithTheVersion() {
        assertThat(rates(new LearningRate(0.1, 4, Decay.CONSTANT, 0, 0), 7))
                .containsExactly(new double[] {0.025, 0.05, 0.075, 0.1, 0.1, 0.1, 0.1}, within(1e-15));
    }

    @Test
    void fallsLinearlyToTheFinalShare() {
        assertThat(rates(new LearningRate(1, 2, Decay.LINEAR, 4, 0.2), 8))
                .containsExactly(new double[] {0.5, 1, 0.8, 0.6, 0.4, 0.2, 0.2, 0.2}, within(1e-15));
    }

    @Test
    void fallsAlongHalfACosineToTheFinalShare() {
        double diagonal = Math.sqrt(0.5);
        assertThat(rates(new LearningRate(1, 0, Decay.COSINE, 4, 0), 6))
                .containsExactly(new double[] {1, (1 + diagonal) / 2, 0.5, (1 - diagonal) / 2, 0, 0}, within(1e-15));
    }

    @Test
    void aDecayWithoutALengthIsRefused() {
        assertThatThrownBy(() -> new LearningRate(1, 0, Decay.LINEAR, 0, 0)).hasMessageContaining("decay-steps = 0");
    }

    private static double[] rates(LearningRate rate, int steps) {
        return IntStream.range(0, steps)
                .mapToDouble(step -> rate.stepFrom(new PolicyVersion(step)))
                .toArray();
    }
}
