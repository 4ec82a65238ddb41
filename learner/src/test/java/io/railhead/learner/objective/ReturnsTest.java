package io.railhead.learner.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// Estimators over tokens, against published implementations.
class ReturnsTest {
    private static final Offset<Double> GOLDEN = within(2e-6);

    private final GoldenBatch golden = GoldenBatch.load();

    @Test
    void generalizedAdvantageEqualsPublishedOne() {
        List<Double> advantages = new ArrayList<>();
        List<Double> whitened = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            double[] mask = golden.rows("/batch/mask")[i];
            double[] rewards = new double[4];
            boolean[] produced = new boolean[4];
            int last = 0;
            for (int t = 0; t < 4; t++) {
                produced[t] = mask[t] == 1;
                last = produced[t] ? t : last;
            }
            rewards[last] = golden.row("/batch/reward")[i];
            GeneralizedAdvantage.Estimates estimates =
                    GeneralizedAdvantage.of(rewards, golden.rows("/gae/values")[i], produced, 1, 0.95);
            for (int t = 0; t < 4; t++) {
                if (produced[t]) {
                    assertThat(estimates.returns()[t]).isCloseTo(golden.rows("/gae/returns")[i][t], GOLDEN);
                    advantages.add(estimates.advantages()[t]);
                    whitened.add(golden.rows("/gae/whitened")[i][t]);
                }
            }
        }
        double mean = advantages.stream().mapToDouble(a -> a).average().orElseThrow();
        double variance =
                advantages.stream().mapToDouble(a -> (a - mean) * (a - mean)).sum() / (advantages.size() - 1);
        for (int i = 0; i < advantages.size(); i++) {
            assertThat((advantages.get(i) - mean) / Math.sqrt(variance + 1e-8)).isCloseTo(whitened.get(i), GOLDEN);
        }
    }

    @Test
    void tokensOfOthersArePassedOver() {
        GeneralizedAdvantage.Estimates with = GeneralizedAdvantage.of(
                new double[] {0, 9, 1}, new double[] {0.2, 5, 0.4}, new boolean[] {true, false, true}, 0.9, 0.8);
        GeneralizedAdvantage.Estimates without = GeneralizedAdvantage.of(
                new double[] {0, 1}, new double[] {0.2, 0.4}, new boolean[] {true, true}, 0.9, 0.8);
        assertThat(with.advantages()).containsExactly(without.advantages()[0], 0, without.advantages()[1]);
    }

    @Test
    void vTraceEqualsPublishedOne() {
        VTrace.Estimates estimates = VTrace.of(
                golden.row("/v-trace/log-ratios"),
                golden.row("/v-trace/discounts"),
                golden.row("/v-trace/rewards"),
                golden.row("/v-trace/values"),
                0);
        assertThat(estimates.values()).containsExactly(golden.row("/v-trace/targets"), GOLDEN);
        assertThat(estimates.advantages()).containsExactly(golden.row("/v-trace/advantages"), GOLDEN);
    }

    /// On-policy, V-trace is the return by temporal differences: `vs_t = sum of discounted rewards`.
    @Test
    void onPolicyVTraceIsTheDiscountedReturn() {
        VTrace.Estimates estimates =
                VTrace.of(new double[3], new double[] {0.5, 0.5, 0}, new double[] {1, 2, 4}, new double[3], 7);
        assertThat(estimates.values()).containsExactly(3, 4, 4);
        assertThat(estimates.advantages()).containsExactly(3, 4, 4);
    }
}
