package io.railhead.transit.answer;

/// What a response to a yes/no or counting question says.
///
/// @param text the answer after normalisation, lower case: "yes", "3", "b", or whatever stands in its place; of a long
///     one that is no number the beginning, with `...` behind
/// @param boxed whether it stood in a closed `\boxed{}`, as the questions ask
public record ShortAnswer(String text, boolean boxed) {
    /// Characters of an answer that are kept if there are more, and no number.
    static final int SHOWN = 40;

    /// Cuts what is long and no number: no right answer is.
    static ShortAnswer of(String normalised, boolean boxed) {
        return new ShortAnswer(cutAt(normalised) ? normalised.substring(0, SHOWN) + "..." : normalised, boxed);
    }

    /// Whether an answer that begins like this is kept in part only.
    static boolean cutAt(String beginning) {
        if (beginning.length() <= SHOWN) {
            return false;
        }
        for (int i = 0; i < SHOWN; i++) {
            if (!PythonText.canBeInNumber(beginning.charAt(i))) {
                return true;
            }
        }
        return false;
    }
}
