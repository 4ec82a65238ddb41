package io.railhead.transit.answer;

import java.util.List;
import java.util.Locale;

/// The published normalisation of a formula, as far as it can turn a text into yes, no, a letter or a whole number: the
/// rewriting of fractions and roots is left out, as its results are wrong answers before and after.
///
/// Each step is one pass. Of a long text without braces or backslashes only the beginning is normalised, if that
/// settles what [ShortAnswer#of] keeps.
final class Normalisation {
    private static final String BOX = "oxed{";
    private static final List<String> FORMULA_NOISE = List.of(
            " ",
            "\\,",
            "\\text",
            "\\mbox",
            "\\left",
            "\\right",
            "^{\\circ}",
            "^\\circ",
            "{m}^3",
            "m^3",
            "{units}",
            "units",
            "{km}",
            "km",
            "\n");
    private static final List<String> STRING_NOISE = List.of("\\!", "\\$", "$", "\\%");
    private static final List<String> PLAIN_NOISE = List.of(" ", "m^3", "units", "km", "\n", "$");
    private static final int PLAIN_NOISE_LENGTH = 16; // of all together; a cut changes less at its end
    private static final int BEGINNING = 96;

    private Normalisation() {}

    /// The whole text, or of a long one as much as [ShortAnswer#of] needs to cut it where it would cut the whole.
    static String of(String response) {
        if (response.indexOf('{') >= 0) {
            return ofFormula(response);
        }
        int closing = response.indexOf('}');
        int end = closing < 0 ? response.length() : closing;
        int start = response.indexOf('=') < 0 || end == 0 ? 0 : response.lastIndexOf('=', end - 1) + 1;
        if (end - start <= BEGINNING || response.indexOf('\\', start) >= 0) {
            return withoutNoise(after(response.substring(start, end).toLowerCase(Locale.ROOT), "\\approx"));
        }
        String beginning = beginning(response.substring(start, start + BEGINNING));
        return beginning.isEmpty() ? withoutNoise(response.substring(start, end).toLowerCase(Locale.ROOT)) : beginning;
    }

    private static String ofFormula(String response) {
        String text = response.toLowerCase(Locale.ROOT).replace("{}", "");
        int box = text.indexOf(BOX);
        int end = text.lastIndexOf('}');
        if (box >= 0 && end >= box + BOX.length()) {
            text = text.substring(box + BOX.length(), end);
        }
        int closing = text.indexOf('}');
        int opening = text.indexOf('{');
        if (closing >= 0 && (opening < 0 || closing < opening)) {
            text = text.substring(0, closing);
        }
        return withoutNoise(after(after(text, "="), "\\approx"));
    }

    private static String withoutNoise(String formula) {
        String text = isBareWord(formula) ? formula : without(formula, FORMULA_NOISE);
        if (text.indexOf('\\') >= 0 || text.indexOf('$') >= 0) {
            text = without(text.replace("\\\\", "\\"), STRING_NOISE);
        }
        return withoutEdges(text);
    }

    /// Too short for units, and nothing but ASCII letters and digits: what most boxes hold.
    private static boolean isBareWord(String text) {
        if (text.length() > 3) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 'a' || c > 'z' || c == 'm') && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    private static String withoutEdges(String formula) {
        String text = formula.startsWith(".") ? "0" + formula : formula; // so that "." alone is zero
        int last = text.length();
        while (last > 0 && text.charAt(last - 1) == '.') {
            last--;
        }
        int first = 0;
        while (first < last && text.charAt(first) == ':') {
            first++;
        }
        return PythonText.strip(text.substring(first, last));
    }

    /// What the normalisation of a long text certainly begins with, longer than what is shown of it and no
    /// number; empty if that cannot be said.
    private static String beginning(String cut) {
        if (cut.indexOf('Σ') >= 0) {
            return ""; // its small form depends on what follows
        }
        String text = without(cut.toLowerCase(Locale.ROOT), PLAIN_NOISE);
        int certain = text.length() - PLAIN_NOISE_LENGTH;
        if (certain <= 0) {
            return "";
        }
        text = text.substring(0, certain);
        int hard = certain;
        while (hard > 0 && PythonText.isSpaceOr(text.charAt(hard - 1), '.')) {
            hard--;
        }
        // Behind a character that stays, no edge is taken off from the right.
        String normalised = withoutEdges(text.substring(0, hard));
        return ShortAnswer.cutAt(normalised) ? normalised : "";
    }

    private static String without(String text, List<String> noises) {
        String rest = text;
        for (String noise : noises) {
            rest = rest.replace(noise, "");
        }
        return rest;
    }

    private static String after(String text, String mark) {
        int at = text.lastIndexOf(mark);
        return at < 0 ? text : text.substring(at + mark.length());
    }
}
