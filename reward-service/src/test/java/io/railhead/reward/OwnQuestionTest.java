package io.railhead.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.actors.protocol.Score;
import io.railhead.transit.InvalidDataException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnQuestionTest {
    private final RewardFunction match = RewardProfile.RAILHEAD.function(RewardWeights.DEFAULT);

    private static OwnQuestion question(String answer) {
        try {
            return new OwnQuestion("q1", "sort", "hard", "Sort: 3 1", new JsonMapper().readTree(answer));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void goesThroughItsJsonUnchanged() {
        for (String answer : List.of("\"1 3\"", "4", "null", "[1, {\"a\": true}]")) {
            OwnQuestion question = question(answer);
            assertThat(OwnQuestion.fromJson(question.toJson())).isEqualTo(question);
            assertThat(ScoringKey.of(question.toJson())).isEqualTo(new ScoringKey.Own(question));
        }
    }

    @Test
    void namesTheFieldThatIsMissing() {
        assertThatThrownBy(() -> OwnQuestion.fromJson("{\"own_question\": {\"id\": \"a\"}}"))
                .isInstanceOf(InvalidDataException.class)
                .hasMessageContaining("own_question.answer");
        assertThatThrownBy(() -> OwnQuestion.fromJson("{\"own_question\": {\"id\": 3, \"answer\": 1}}"))
                .hasMessageContaining("own_question.id is no text");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"1 3\"    | ' 1  3\n'                    | true",
                "\"1 3\"    | '1 3 4'                      | false",
                "\"1 3\"    | 'It is \\boxed{1 3}, I say.' | true",
                "\"{x}\"    | '\\boxed{no} \\boxed{{x}}'   | true",
                "\"a\"      | '\\boxed{a'                  | false",
                "\"Yes\"    | 'yes'                        | false",
                "4          | '4.0'                        | true",
                "4          | '\\boxed{4}'                 | true",
                "4          | 'four'                       | false",
                "4          | '4 5'                        | false",
                "[1, 2.50]  | '[1.0,2.5]'                  | true",
                "[1, 2]     | '[2,1]'                      | false",
                "{\"a\": 1} | '{\"a\": 1}'                 | true",
                "true       | 'true'                       | true",
                "null       | ''                           | false",
            })
    void withoutAFunctionTheAnswerIsComparedExactly(String answer, String response, boolean right) {
        Score score = match.score(question(answer), response);
        assertThat(score.correct()).isEqualTo(right);
        assertThat(score.reward()).isEqualTo(right ? 1 : 0);
    }

    @Test
    void aFunctionForMapsRefusesThemAndTheOtherWayRound() {
        RewardFunction maps = (_, _) -> new Score(0, false, 1, List.of());
        OwnReward own = (_, _) -> new Score(0, false, 1, List.of());
        assertThatThrownBy(() -> maps.score(question("1"), "1")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> own.score(Singapore.direct(), "1")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void anOwnFunctionIsHeldToItsWordToo() {
        OwnReward liar = (_, _) -> new Score(2000, true, 1, List.of());
        assertThatThrownBy(() -> new CheckedReward(liar, 1000).score(question("1"), "1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("2000");
    }
}
