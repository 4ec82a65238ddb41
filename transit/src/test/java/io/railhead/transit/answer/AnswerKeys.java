package io.railhead.transit.answer;

import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Keys that the tests of this package check responses against.
final class AnswerKeys {
    private AnswerKeys() {}

    static AnswerKey shortAnswer(QuestionType type, int answer) {
        return new AnswerKey(type, answer, null, null, Difficulty.EASY, 0, new LinkedHashMap<>());
    }

    /// The parts of two Singapore lines that the published example of a route runs on.
    static SequencedMap<String, List<String>> singapore() {
        var lines = new LinkedHashMap<String, List<String>>();
        lines.put(
                "Downtown Line",
                List.of(
                        "Newton Station",
                        "Little India Station",
                        "Rochor Station",
                        "Bugis Station",
                        "Promenade Station"));
        lines.put(
                "North East Line",
                List.of("Clarke Quay Station", "Dhoby Ghaut Station", "Little India Station", "Farrer Park Station"));
        return lines;
    }

    static AnswerKey route(String from, String to, int transfers) {
        return new AnswerKey(QuestionType.PLANNING, -1, from, to, Difficulty.HARD, transfers, singapore());
    }
}
