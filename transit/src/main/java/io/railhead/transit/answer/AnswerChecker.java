package io.railhead.transit.answer;

/// Whether a response is right: one rule for each kind of question, the published one.
public final class AnswerChecker {
    private AnswerChecker() {}

    public static boolean isCorrect(AnswerKey key, String response) {
        return switch (key.type()) {
            case TORF1, TORF2, COUNTING1, COUNTING2, COUNTING3 -> isCorrect(key, AnswerParser.shortAnswer(response));
            case PLANNING ->
                RouteChecker.check(key, AnswerParser.planning(response)).correct();
        };
    }

    /// The same for a response that was parsed before; false for a planning question, which has no short answer.
    public static boolean isCorrect(AnswerKey key, ShortAnswer answer) {
        return switch (key.type()) {
            case TORF1, TORF2 -> answer.text().equals(key.answer() == 1 ? "yes" : "no");
            case COUNTING1 -> answer.text().length() == 1 && "abcd".indexOf(answer.text()) == key.answer();
            case COUNTING2, COUNTING3 -> isNumber(answer.text(), key.answer());
            case PLANNING -> false;
        };
    }

    /// Whole numbers in any script's digits, with sign and leading zeros: "3", "03", "+3", "３".
    private static boolean isNumber(String text, int expected) {
        try {
            return Integer.parseInt(text) == expected;
        } catch (NumberFormatException _) {
            return false; // "three" is a wrong answer, not a fault
        }
    }
}
