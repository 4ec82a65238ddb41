package io.railhead.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/// A group shares its question, so its rewards share one difficulty weight. What becomes of it in the advantages?
class DifficultyWeightTest {
    private final GradingFunction reward = RewardProfile.RAILHEAD.function(RewardWeights.DEFAULT);

    @Test
    void addsTheWeightsOfMapAndQuestion() {
        RewardWeights weights = RewardWeights.DEFAULT;

        assertThat(weights.difficulty(Singapore.oneTransfer())).isEqualTo(2.0);
        assertThat(weights.difficulty(Singapore.direct())).isEqualTo(1.5);
        assertThat(weights.difficulty(Singapore.shortAnswer(QuestionType.TORF2, 1, Difficulty.EASY)))
                .isEqualTo(1.0);
        assertThat(weights.difficulty(Singapore.shortAnswer(QuestionType.COUNTING3, 1, Difficulty.MIDDLE)))
                .isEqualTo(1.2);
    }

    @Test
    void cancelsWhenAdvantagesAreStandardisedPerGroup() {
        assertThat(standardised(rewards(Difficulty.HARD)))
                .containsExactly(standardised(rewards(Difficulty.EASY)), within(1e-4));
    }

    @Test
    void scalesAdvantagesThatAreCentredOnly() {
        double[] easy = centred(rewards(Difficulty.EASY));
        double[] scaled = DoubleStream.of(easy).map(a -> 1.5 * a).toArray();

        assertThat(centred(rewards(Difficulty.HARD))).containsExactly(scaled, within(1e-12));
        assertThat(easy[0]).isNotZero();
    }

    private double[] rewards(Difficulty difficulty) {
        return DoubleStream.of(3, 4, 3, 5)
                .map(answer -> reward.grade(
                                Singapore.shortAnswer(QuestionType.COUNTING2, 3, difficulty),
                                "\\boxed{" + (int) answer + "}")
                        .reward())
                .toArray();
    }

    private static double[] centred(double[] rewards) {
        double mean = DoubleStream.of(rewards).average().orElseThrow();
        return DoubleStream.of(rewards).map(r -> r - mean).toArray();
    }

    private static double[] standardised(double[] rewards) {
        double[] centred = centred(rewards);
        double variance = DoubleStream.of(centred).map(c -> c * c).sum() / (rewards.length - 1);
        return DoubleStream.of(centred)
                .map(c -> c / (Math.sqrt(variance) + 1e-6))
                .toArray();
    }
}
