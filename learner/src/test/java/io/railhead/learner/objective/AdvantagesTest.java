package io.railhead.learner.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdvantagesTest {
    private static final Offset<Double> GOLDEN = within(1e-6);

    private final GoldenBatch golden = GoldenBatch.load();

    @ParameterizedTest
    @EnumSource(
            names = {"MAX_RL", "GDPO"},
            mode = EnumSource.Mode.EXCLUDE)
    void equalPublishedImplementations(Advantages advantages) {
        double[] rewards = golden.row("/batch/reward");
        List<RewardedGroup> groups = List.of(
                group(new double[] {rewards[0], rewards[1]}, 4, 3), group(new double[] {rewards[2], rewards[3]}, 2, 4));
        double[] actual = advantages.of(groups, Map.of()).stream()
                .flatMapToDouble(Arrays::stream)
                .toArray();
        String name = advantages.name().toLowerCase(Locale.ROOT).replace('_', '-');
        assertThat(actual).containsExactly(golden.row("/advantages/" + name), GOLDEN);
    }

    @Test
    void maximumLikelihoodDividesByTheMean() {
        assertThat(Advantages.MAX_RL.of(1, 0, 0, 0)).containsExactly(3, -1, -1, -1);
        assertThat(Advantages.MAX_RL.of(1, 1, 1, 0))
                .containsExactly(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0, -1}, GOLDEN);
        assertThat(Advantages.MAX_RL.of(-1, 0)).containsExactly(0, 0);
    }

    /// Two responses differ in a large component, two in a small one: with the sum's deviation the small one hardly
    /// counts; apart, both count alike.
    @Test
    void componentsAreStandardisedOneByOne() {
        List<Map<String, Double>> components =
                List.of(Map.of("route", 10.0, "format", 0.1), Map.of("route", 10.0), Map.of("format", 0.1), Map.of());
        RewardedGroup group = new RewardedGroup(new double[] {10.1, 10, 0.1, 0}, new int[] {1, 1, 1, 1}, components);
        double[] together = Advantages.GRPO.of(List.of(group), Map.of()).getFirst();
        double[] apart = Advantages.GDPO.of(List.of(group), Map.of()).getFirst();
        assertThat(together[0] - together[1]).isLessThan(0.02);
        assertThat(apart[0] - apart[1]).isCloseTo(apart[0] - apart[2], within(1e-4));
        double[] weighted =
                Advantages.GDPO.of(List.of(group), Map.of("format", 0.0)).getFirst();
        assertThat(weighted[0]).isCloseTo(weighted[1], within(1e-9));
    }

    @Test
    void overlongResponsesLoseReward() {
        OverlongPenalty penalty = new OverlongPenalty(100, 20, 2);
        assertThat(List.of(penalty.shaped(1, 80), penalty.shaped(1, 90), penalty.shaped(1, 100)))
                .containsExactly(1.0, 0.0, -1.0);
        assertThat(OverlongPenalty.NONE.shaped(1, 1_000_000)).isEqualTo(1);
        Credit credit = new Credit(Advantages.CENTRED, Map.of(), penalty);
        assertThat(credit.of(List.of(group(new double[] {1, 1}, 50, 100))).getFirst())
                .containsExactly(1, -1);
    }

    private static RewardedGroup group(double[] rewards, int... tokens) {
        return new RewardedGroup(rewards, tokens, Collections.nCopies(rewards.length, Map.of()));
    }

    @ParameterizedTest
    @EnumSource(names = {"GRPO", "CENTRED", "RLOO", "OPO", "MAX_RL"})
    void groupOfOneKeepsItsReward(Advantages advantages) {
        assertThat(advantages.of(2.5)).containsExactly(2.5);
        assertThat(Advantages.varied(2.5)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"GRPO", "CENTRED", "RLOO", "OPO", "MAX_RL"})
    void equalRewardsTeachNothing(Advantages advantages) {
        double[] thirds = {0.1 + 0.2, 0.1 + 0.2, 0.1 + 0.2};
        assertThat(advantages.of(thirds)).containsExactly(0, 0, 0);
        assertThat(Advantages.varied(thirds)).isFalse();
    }

    /// Why [Advantages#CENTRED] is the choice for RewardMap.
    @Test
    void standardisationCancelsTheDifficultyWeightAndCentringKeepsIt() {
        double[] easy = {1, 0, 0.5, 1};
        double[] hard = {2, 0, 1, 2};
        assertThat(Advantages.GRPO.of(hard)).containsExactly(Advantages.GRPO.of(easy), within(1e-5));
        assertThat(Advantages.CENTRED.of(hard))
                .containsExactly(Arrays.stream(Advantages.CENTRED.of(easy))
                        .map(a -> 2 * a)
                        .toArray());
    }
}
