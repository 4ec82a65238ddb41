package io.railhead.transit.answer;

import java.util.List;

/// Reads responses to yes/no and counting questions by the rules of the published evaluation, so that the verdicts are
/// the same.
///
/// The answer is what is in the last box; without a box, what follows a phrase like "the answer is"; else
/// everything. [Normalisation] does the rest. Long reasoning is not normalised as a whole: in most responses all
/// that matters is at the end, and what makes that certain is tested where it is used. Time is linear in the
/// length of the response, and no response makes it throw.
public final class AnswerParser {
    private static final List<String> FLAGS = List.of(
            "the final answer is",
            "The final answer is",
            "the answer is",
            "The answer is",
            "the correct answer is",
            "The correct answer is",
            "the answer should be",
            "The answer should be");
    private static final String IN_EACH_FLAG = "answer ";
    private static final String BOX = "oxed{";

    private AnswerParser() {}

    public static ShortAnswer shortAnswer(String response) {
        int brace = response.indexOf('{');
        int lastBox = brace < 0 ? -1 : response.lastIndexOf(BOX);
        if (lastBox < 0) {
            return ShortAnswer.of(Normalisation.of(afterFlags(response)), false);
        }
        int closing = response.indexOf('}', lastBox);
        boolean boxed = closing > lastBox + BOX.length();
        boolean several = brace < lastBox && response.indexOf(BOX, brace - BOX.length() + 1) < lastBox;
        boolean nothingBefore = brace == lastBox + BOX.length() - 1 && boxed && response.indexOf("{}", lastBox) < 0;
        String text = several || nothingBefore ? response.substring(lastBox) : response;
        return ShortAnswer.of(Normalisation.of(text), boxed);
    }

    private static String afterFlags(String response) {
        String text = PythonText.strip(response);
        if (text.contains(IN_EACH_FLAG)) {
            for (String flag : FLAGS) {
                text = afterFlag(text, flag);
            }
        }
        return text;
    }

    /// What follows the last mention of the flag, up to the end of its line or sentence.
    private static String afterFlag(String text, String flag) {
        int at = text.lastIndexOf(flag);
        if (at < 0) {
            return PythonText.strip(text);
        }
        return before(before(PythonText.strip(text.substring(at + flag.length())), "\n"), ". ");
    }

    private static String before(String text, String mark) {
        int at = text.indexOf(mark);
        return at < 0 ? text : text.substring(0, at);
    }
}
