package io.railhead.transit.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.transit.Question;
import io.railhead.transit.QuestionGenerator;
import io.railhead.transit.QuestionType;
import io.railhead.transit.TransitNetwork;
import io.railhead.transit.data.GeneratedTasks;
import io.railhead.transit.data.Split;
import io.railhead.transit.data.TaskItem;
import io.railhead.transit.map.GeneratedMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LookFirstTest {
    private static final LookFirst CROSS = new LookFirst(new TransitNetwork(
            "cross", new LinkedHashMap<>(Map.of("Line 1", List.of("A", "B", "C"), "Line 2", List.of("D", "B", "E")))));

    @Test
    void everyResponseToAGeneratedQuestionIsRight() {
        Map<String, GeneratedMap> maps = GeneratedTasks.maps(3, 10, Split.TRAIN).stream()
                .collect(Collectors.toMap(map -> map.network().city(), Function.identity()));
        List<TaskItem> items = GeneratedTasks.of(3, 10, 4, Split.TRAIN).items();
        assertThat(items).hasSizeGreaterThan(500);
        for (TaskItem item : items) {
            GeneratedMap map = maps.get(item.question().city());
            if (map == null) {
                throw new AssertionError("no map of " + item.question().city());
            }
            String response = new LookFirst(map.network()).response(item.question());
            assertThat(AnswerChecker.isCorrect(item.key(), response))
                    .as("%s: %s", item.question().text(), response)
                    .isTrue();
        }
        assertThat(items.stream().map(item -> item.question().type()).distinct())
                .containsExactlyInAnyOrder(QuestionType.values());
    }

    @Test
    void theVerdictFollowsFromTheCommonLineThatIsNamedBeforeIt() {
        for (GeneratedMap map : GeneratedTasks.maps(4, 3, Split.TRAIN)) {
            var generator = new QuestionGenerator(map.network(), map.difficulty(), "city", 1);
            for (QuestionType type : List.of(QuestionType.TORF1, QuestionType.TORF2)) {
                for (Question question : generator.questions(type, 8)) {
                    assertThat(new LookFirst(map.network()).response(question))
                            .startsWith(LookFirst.LOOK)
                            .matches(
                                    question.answer() == 1
                                            ? ".* both: Line [1-8]\\. \\\\boxed\\{yes}"
                                            : ".* both: none\\. \\\\boxed\\{no}");
                }
            }
        }
    }

    @Test
    void lookupsNameWhatIsOnTheMap() {
        assertThat(CROSS.linesThrough("B"))
                .satisfies(lookup -> assertThat(lookup.question()).isEqualTo("Lines through B"))
                .satisfies(lookup -> assertThat(lookup.response()).startsWith("B is on Line "));
        assertThat(CROSS.stopsOf("Line 1")).isEqualTo(new LookFirst.Lookup("Stops: Line 1", "Line 1: A, B, C"));
        assertThat(CROSS.meeting("Line 1", "Line 2"))
                .isEqualTo(new LookFirst.Lookup("Line 1 and Line 2 meet at ", "Line 1 and Line 2 meet at B"));
    }
}
