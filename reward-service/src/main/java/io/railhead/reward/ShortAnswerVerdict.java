package io.railhead.reward;

import io.railhead.transit.answer.AnswerChecker;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.answer.AnswerParser;
import io.railhead.transit.answer.ShortAnswer;

/// What a response to a yes/no or counting question is worth knowing of.
record ShortAnswerVerdict(boolean correct, boolean boxed, String reason) {
    private static final int SHOWN = 40;

    static ShortAnswerVerdict of(AnswerKey key, String response) {
        ShortAnswer answer = AnswerParser.shortAnswer(response);
        boolean correct = AnswerChecker.isCorrect(key, answer);
        String said =
                answer.text().length() <= SHOWN ? answer.text() : answer.text().substring(0, SHOWN) + "...";
        return new ShortAnswerVerdict(
                correct, answer.boxed(), "says '" + said + "'" + (correct ? "" : ", the answer is " + expected(key)));
    }

    private static String expected(AnswerKey key) {
        return switch (key.type()) {
            case TORF1, TORF2 -> key.answer() == 1 ? "yes" : "no";
            case COUNTING1 -> "option " + key.answer() + " counted from 0";
            case COUNTING2, COUNTING3 -> Integer.toString(key.answer());
            case PLANNING -> "a route";
        };
    }
}
