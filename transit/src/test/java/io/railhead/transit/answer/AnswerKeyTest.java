package io.railhead.transit.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.transit.InvalidDataException;
import io.railhead.transit.QuestionType;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerKeyTest {
    @Test
    void jsonIsCompactAndLeavesOutWhatIsNotThere() {
        assertThat(AnswerKeys.shortAnswer(QuestionType.COUNTING3, 4).toJson())
                .isEqualTo("{\"type\":\"Counting3\",\"answer\":4,\"difficulty_city\":\"easy\","
                        + "\"question_transfer_count\":0}");
    }

    @Test
    void keepsTheOrderOfLines() {
        AnswerKey key = AnswerKeys.route("Bugis Station", "Rochor Station", 0);
        assertThat(AnswerKey.fromJson(key.toJson()).lines().sequencedKeySet())
                .containsExactly("Downtown Line", "North East Line");
    }

    @Test
    void readsItemsWithOtherFieldsAndWithoutPlanningAnswer() {
        String item = "{\"id\":\"7\",\"response\":\"x\",\"type\":\"planning\",\"station_1\":\"A\",\"station_2\":\"B\","
                + "\"difficulty_city\":\"hard\",\"question_transfer_count\":0,\"stations\":{\"L\":[\"A\",\"B\"]}}";
        assertThat(AnswerKey.fromJson(item).answer()).isEqualTo(-1);
    }

    @Test
    void namesTheFieldThatIsWrong() {
        assertThatThrownBy(() -> AnswerKey.fromJson("{\"type\":\"TorF1\",\"answer\":2,\"difficulty_city\":\"easy\"}"))
                .hasMessage("answer key: answer 2 of a question of type TorF1");
        assertThatThrownBy(
                        () -> AnswerKey.fromJson("{\"type\":\"Counting1\",\"answer\":4,\"difficulty_city\":\"easy\"}"))
                .hasMessage("answer key: answer 4 of a question of type Counting1");
        Map.of(
                        "x", "not JSON",
                        "[]", "type is null",
                        "{\"type\":\"Counting4\"}", "question type 'Counting4'",
                        "{\"type\":\"TorF1\",\"answer\":\"yes\"}", "answer is \"yes\"",
                        "{\"type\":\"TorF1\",\"answer\":1,\"difficulty_city\":\"medium\"}", "difficulty 'medium'",
                        "{\"type\":\"planning\",\"difficulty_city\":\"easy\"}", "question_transfer_count is null",
                        "{\"type\":\"planning\",\"difficulty_city\":\"easy\",\"question_transfer_count\":0}",
                                "needs station_1, station_2 and stations",
                        "{\"type\":\"TorF1\",\"answer\":1,\"difficulty_city\":\"easy\",\"stations\":[]}", "stations")
                .forEach((json, complaint) -> assertThatThrownBy(() -> AnswerKey.fromJson(json))
                        .as(json)
                        .isInstanceOf(InvalidDataException.class)
                        .hasMessageContaining(complaint));
    }
}
