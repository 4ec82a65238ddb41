package io.railhead.learner.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdvantagesTest {
    private static final Offset<Double> GOLDEN = within(1e-6);

    private final GoldenBatch golden = GoldenBatch.load();

    @ParameterizedTest
    @EnumSource
    void equalPublishedImplementations(Advantages advantages) {
        double[] rewards = golden.row("/batch/reward");
        double[] actual = DoubleStream.concat(
                        Arrays.stream(advantages.of(rewards[0], rewards[1])),
                        Arrays.stream(advantages.of(rewards[2], rewards[3])))
                .toArray();
        assertThat(actual)
                .containsExactly(golden.row("/advantages/" + advantages.name().toLowerCase(Locale.ROOT)), GOLDEN);
    }

    @ParameterizedTest
    @EnumSource
    void groupOfOneKeepsItsReward(Advantages advantages) {
        assertThat(advantages.of(2.5)).containsExactly(2.5);
        assertThat(Advantages.varied(2.5)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
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
