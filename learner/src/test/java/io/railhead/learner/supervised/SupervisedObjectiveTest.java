package io.railhead.learner.supervised;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenScores;
import java.util.List;
import org.junit.jupiter.api.Test;

class SupervisedObjectiveTest {
    private static final TokenScores FIRST = scores(-1, -2, -0.5f);
    private static final TokenScores SECOND = scores(-3, -0.25f);

    @Test
    void lossIsTheMeanOverAnswerTokens() {
        TokenGradients gradients = new SupervisedObjective(List.of(1, 0), 4).gradients(List.of(FIRST, SECOND));
        assertThat(gradients.loss()).isCloseTo((2 + 0.5 + 3 + 0.25) / 4, within(1e-12));
        assertThat(gradients.byLogProb())
                .containsExactly(new float[] {0, -0.25f, -0.25f}, new float[] {-0.25f, -0.25f});
        assertThat(gradients.byEntropy()).containsExactly(new float[3], new float[2]);
    }

    @Test
    void splittingTheBatchChangesNothing() {
        double whole = new SupervisedObjective(List.of(1, 0), 4)
                .gradients(List.of(FIRST, SECOND))
                .loss();
        double parts =
                new SupervisedObjective(List.of(1), 4).gradients(List.of(FIRST)).loss()
                        + new SupervisedObjective(List.of(0), 4)
                                .gradients(List.of(SECOND))
                                .loss();
        assertThat(parts).isCloseTo(whole, within(1e-12));
    }

    @Test
    void aBatchOfAnotherShapeIsRefused() {
        assertThatThrownBy(() -> new SupervisedObjective(List.of(1), 4).gradients(List.of(FIRST, SECOND)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 continuations");
    }

    private static TokenScores scores(float... logProbs) {
        return new TokenScores(logProbs, new float[logProbs.length]);
    }
}
