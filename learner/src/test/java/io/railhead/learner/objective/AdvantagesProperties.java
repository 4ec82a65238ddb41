package io.railhead.learner.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class AdvantagesProperties {
    @Property
    void advantagesOfAGroupSumToZero(@ForAll Advantages advantages, @ForAll("rewards") double[] rewards) {
        double[] actual = advantages.of(rewards);
        assertThat(Arrays.stream(actual).allMatch(Double::isFinite)).isTrue();
        assertThat(Arrays.stream(actual).sum()).isCloseTo(0, within(1e-6));
    }

    @Property
    void rlooIsCentredTimesNOverNMinusOne(@ForAll("rewards") double[] rewards) {
        int n = rewards.length;
        double[] leaveOneOut = new double[n];
        for (int i = 0; i < n; i++) {
            leaveOneOut[i] = rewards[i] - (Arrays.stream(rewards).sum() - rewards[i]) / (n - 1);
        }
        assertThat(Advantages.RLOO.of(rewards)).containsExactly(leaveOneOut, within(1e-9));
        assertThat(Arrays.stream(Advantages.CENTRED.of(rewards))
                        .map(a -> a * n / (n - 1))
                        .toArray())
                .containsExactly(leaveOneOut, within(1e-9));
    }

    @Property
    void equalRewardsHaveAdvantageZero(
            @ForAll Advantages advantages, @ForAll @DoubleRange(min = -10, max = 30) double reward) {
        double[] rewards = new double[8];
        Arrays.fill(rewards, reward);
        assertThat(advantages.of(rewards)).containsOnly(0);
    }

    @Provide
    Arbitrary<double[]> rewards() {
        return Arbitraries.integers()
                .between(-40, 120)
                .list()
                .ofMinSize(2)
                .ofMaxSize(16)
                .map(quarters -> quarters.stream().mapToDouble(q -> q / 4.0).toArray());
    }
}
