package io.railhead.learner.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class AdvantagesProperties {
    @Property
    void advantagesOfAGroupSumToZero(@ForAll("ofOneGroup") Advantages advantages, @ForAll("rewards") double[] rewards) {
        double[] actual = advantages.of(rewards);
        assertThat(Arrays.stream(actual).allMatch(Double::isFinite)).isTrue();
        double mean = Arrays.stream(rewards).average().orElseThrow();
        if (advantages != Advantages.MAX_RL || mean > 0.5) {
            assertThat(Arrays.stream(actual).sum()).isCloseTo(0, within(1e-6));
        }
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
            @ForAll("ofOneGroup") Advantages advantages, @ForAll @DoubleRange(min = -10, max = 30) double reward) {
        double[] rewards = new double[8];
        Arrays.fill(rewards, reward);
        assertThat(advantages.of(rewards)).containsOnly(0);
    }

    @Property
    void whitenedAdvantagesHaveMeanZeroAndDeviationOneOverTheTokens(
            @ForAll("whitened") Advantages advantages,
            @ForAll("rewards") double[] first,
            @ForAll("rewards") double[] second) {
        Assume.that(Advantages.varied(first) && Advantages.varied(second));
        List<RewardedGroup> groups = List.of(group(first), group(second));
        List<double[]> actual = advantages.of(groups, Map.of());
        double tokens = 0;
        double sum = 0;
        double squares = 0;
        for (int g = 0; g < 2; g++) {
            for (int i = 0; i < actual.get(g).length; i++) {
                int length = groups.get(g).tokens()[i];
                tokens += length;
                sum += length * actual.get(g)[i];
                squares += length * actual.get(g)[i] * actual.get(g)[i];
            }
        }
        assertThat(sum / tokens).isCloseTo(0, within(1e-6));
        assertThat(squares / (tokens - 1)).isCloseTo(1, within(1e-4));
    }

    private static RewardedGroup group(double[] rewards) {
        return new RewardedGroup(
                rewards,
                IntStream.range(0, rewards.length).map(i -> 1 + i % 3).toArray(),
                Arrays.stream(rewards).mapToObj(r -> Map.of("all", r)).toList());
    }

    @Provide
    Arbitrary<Advantages> ofOneGroup() {
        return Arbitraries.of(Advantages.GRPO, Advantages.CENTRED, Advantages.RLOO, Advantages.OPO, Advantages.MAX_RL);
    }

    @Provide
    Arbitrary<Advantages> whitened() {
        return Arbitraries.of(Advantages.REINFORCE_PLUS_PLUS, Advantages.REINFORCE_PLUS_PLUS_BASELINE, Advantages.GDPO);
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
