package io.railhead.reward;

import io.railhead.transit.answer.AnswerChecker;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.answer.AnswerParser;
import io.railhead.transit.answer.ShortAnswer;
import java.util.List;

/// What a response to a yes/no or counting question is worth knowing of.
record ShortAnswerVerdict(boolean correct, boolean boxed, String reason) {
    private static final List<String> OPTIONS = List.of("a", "b", "c", "d");

    static ShortAnswerVerdict of(AnswerKey key, String response) {
        ShortAnswer answer = AnswerParser.shortAnswer(response);
        boolean correct = AnswerChecker.isCorrect(key, answer);
        String said = "says '" + answer.text() + "'";
        return new ShortAnswerVerdict(
                correct, answer.boxed(), correct ? said : said + ", the answer is " + expected(key));
    }

    private static String expected(AnswerKey key) {
        return switch (key.type()) {
            case TORF1, TORF2 -> key.answer() == 1 ? "yes" : "no";
            case COUNTING1 -> OPTIONS.get(key.answer());
            case COUNTING2, COUNTING3 -> Integer.toString(key.answer());
            case PLANNING -> "a route";
        };
    }
}
