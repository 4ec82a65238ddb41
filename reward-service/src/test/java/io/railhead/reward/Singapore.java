package io.railhead.reward;

import io.railhead.transit.Difficulty;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// A part of Singapore's network, with the questions of the golden vectors.
final class Singapore {
    static final SequencedMap<String, List<String>> LINES = lines();

    private Singapore() {}

    /// Promenade to Farrer Park: one transfer, at Little India.
    static AnswerKey oneTransfer() {
        return planning("Promenade Station", "Farrer Park Station", 1);
    }

    /// Clarke Quay to Farrer Park: both on the North East Line.
    static AnswerKey direct() {
        return planning("Clarke Quay Station", "Farrer Park Station", 0);
    }

    static AnswerKey planning(String from, String to, int transfers) {
        return new AnswerKey(
                QuestionType.PLANNING, Question.NO_ANSWER_NUMBER, from, to, Difficulty.HARD, transfers, LINES);
    }

    static AnswerKey shortAnswer(QuestionType type, int answer, Difficulty difficulty) {
        return new AnswerKey(type, answer, null, null, difficulty, 0, new LinkedHashMap<>());
    }

    static String segment(String line, String from, String to) {
        return "Route Name: " + line + "\nDeparture Stop: " + from + "\nArrival Stop: " + to;
    }

    static String route(String... segments) {
        return String.join("\n--\n", segments);
    }

    private static SequencedMap<String, List<String>> lines() {
        SequencedMap<String, List<String>> lines = new LinkedHashMap<>();
        lines.put(
                "Downtown Line",
                List.of("Little India Station", "Rochor Station", "Bugis Station", "Promenade Station"));
        lines.put(
                "North East Line",
                List.of("Clarke Quay Station", "Dhoby Ghaut Station", "Little India Station", "Farrer Park Station"));
        lines.put("Circle Line", List.of("Dhoby Ghaut Station", "Bras Basah Station", "Promenade Station"));
        return lines;
    }
}
