package io.railhead.transit.answer;

import java.util.OptionalInt;

/// Whether a response is right: one rule for each kind of question, the published one.
public final class AnswerChecker {
    private AnswerChecker() {}

    public static boolean isCorrect(AnswerKey key, String response) {
        return switch (key.type()) {
            case TORF1, TORF2, COUNTING1, COUNTING2, COUNTING3 -> isCorrect(key, AnswerParser.shortAnswer(response));
            case PLANNING -> RouteChecker.check(key, response).correct();
        };
    }

    /// The same for a response that was parsed before; false for a planning question, which has no short answer.
    public static boolean isCorrect(AnswerKey key, ShortAnswer answer) {
        return switch (key.type()) {
            case TORF1, TORF2 -> answer.text().equals(key.answer() == 1 ? "yes" : "no");
            case COUNTING1 -> answer.text().length() == 1 && "abcd".indexOf(answer.text()) == key.answer();
            case COUNTING2, COUNTING3 -> PythonText.wholeNumber(answer.text()).equals(OptionalInt.of(key.answer()));
            case PLANNING -> false;
        };
    }
}
