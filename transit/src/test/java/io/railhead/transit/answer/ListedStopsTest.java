package io.railhead.transit.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ListedStopsTest {
    @Test
    void readsTheFirstList() {
        Map.of(
                        "Stops: [A, B]. Stops: [C]", List.of("A", "B"),
                        "STOPS \n:\t[ A (x, y),and B;, ..., … ]", List.of("A (x, y)", "B"),
                        "stops:[A, and B.]", List.of("A", "B"),
                        "Stops: [\"A\", 'B']", List.of("\"A\"", "'B'"),
                        "Stops: [A [inner, x], B]", List.of("A [inner", "x]", "B"),
                        "Stops: []", List.<String>of(),
                        "Stops: [A, B", List.<String>of())
                .forEach((response, entries) ->
                        assertThat(ListedStops.in(response)).as(response).isEqualTo(Optional.of(entries)));
        assertThat(ListedStops.in("The stops are A and B.")).isEmpty();
        assertThat(ListedStops.in("Stops")).isEmpty();
        assertThat(ListedStops.in("Stops:")).isEmpty();
    }

    @Test
    void findsTheStopsBetweenAlongEachLineThatHasBoth() {
        var lines = new LinkedHashMap<String, List<String>>();
        lines.put("Straight", List.of("A", "B", "C", "D"));
        lines.put("Elsewhere", List.of("A", "X"));
        lines.put("Ring", List.of("E", "D", "A", "F", "G", "E"));

        assertThat(ListedStops.between(key("D", "A", lines)))
                .containsExactly(Set.of("b", "c"), Set.of(), Set.of("e", "f", "g"));
        assertThat(ListedStops.between(key("X", "C", lines))).isEmpty();
    }

    private static AnswerKey key(String from, String to, SequencedMap<String, List<String>> lines) {
        return new AnswerKey(QuestionType.COUNTING1, 0, from, to, Difficulty.EASY, 0, lines);
    }
}
