package io.railhead.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A quadratic step would take minutes on these.
class LongResponseTest {
    private static final int TIMES = 100_000;

    @ParameterizedTest
    @EnumSource
    void takesTimeLinearInTheResponse(RewardProfile profile) {
        GradingFunction function = profile.function(RewardWeights.DEFAULT);
        String rides =
                (Singapore.segment("Circle Line", "Promenade Station", "Dhoby Ghaut Station") + "\n--\n").repeat(TIMES);

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(function.grade(Singapore.oneTransfer(), rides).correct()).isFalse();
            for (String piece : new String[] {"oxed{", "}", "{}", "the answer is ", "Arrival Stop:", "(", "（", "--"}) {
                assertThat(function.grade(Singapore.oneTransfer(), piece.repeat(TIMES))
                                .correct())
                        .isFalse();
                assertThat(function.grade(
                                        Singapore.shortAnswer(QuestionType.COUNTING2, 3, Difficulty.HARD),
                                        piece.repeat(TIMES))
                                .correct())
                        .isFalse();
            }
        });
    }
}
