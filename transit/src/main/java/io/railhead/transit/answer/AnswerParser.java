package io.railhead.transit.answer;

import io.railhead.transit.StationNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads responses by the rules of the published evaluation, so that the verdicts are the same.
///
/// Of its normalisation of formulas only what can turn a text into yes, no, a letter or a whole number is here: the
/// rewriting of fractions and roots is left out, as its results are wrong answers before and after. Each step is one
/// pass, so time is linear in the length of the response, and no response makes it throw.
public final class AnswerParser {
    private static final List<String> FLAGS =
            List.of("the final answer is", "the answer is", "the correct answer is", "the answer should be");
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
    private static final String BOX = "oxed{";

    private AnswerParser() {}

    public static ShortAnswer shortAnswer(String response) {
        String text = response;
        int lastBox = text.lastIndexOf(BOX);
        if (lastBox < 0) {
            for (String flag : FLAGS) {
                text = afterFlag(afterFlag(text, flag), flag.replace("the", "The"));
            }
        } else if (text.indexOf(BOX) < lastBox) {
            text = text.substring(lastBox);
        }
        return new ShortAnswer(
                normalised(text), lastBox >= 0 && response.indexOf('}', lastBox) > lastBox + BOX.length());
    }

    /// The route of a response to a planning question. Labels count in their exact spelling only.
    public static PlanningAnswer planning(String response) {
        return planning(response, false);
    }

    /// The same where sections whose labels differ in case are kept, with [AnswerSegment#MISSING] in their fields: what
    /// the published detail reward counts as segments.
    public static PlanningAnswer planningInAnyCase(String response) {
        return planning(response, true);
    }

    private static PlanningAnswer planning(String response, boolean anyCase) {
        var segments = new ArrayList<AnswerSegment>();
        int from = 0;
        while (from <= response.length()) {
            int separator = response.indexOf("--", from);
            int end = separator < 0 ? response.length() : separator;
            segment(response.substring(from, end), anyCase).ifPresent(segments::add);
            from = separator < 0 ? response.length() + 1 : separator + 2;
        }
        return new PlanningAnswer(segments);
    }

    private static Optional<AnswerSegment> segment(String section, boolean anyCase) {
        String labelled = anyCase ? section.toLowerCase(Locale.ROOT) : section;
        for (String label : List.of("Route Name:", "Departure Stop:", "Arrival Stop:")) {
            if (!labelled.contains(anyCase ? label.toLowerCase(Locale.ROOT) : label)) {
                return Optional.empty();
            }
        }
        int arrival = section.lastIndexOf("Arrival Stop:");
        return Optional.of(new AnswerSegment(
                field(section, "Route Name: ").map(PythonText::strip).orElse(AnswerSegment.MISSING),
                field(section, "Departure Stop: ").map(StationNames::clean).orElse(AnswerSegment.MISSING),
                StationNames.clean(arrival < 0 ? section : section.substring(arrival + "Arrival Stop:".length()))));
    }

    /// What follows the label up to the end of its line; none if the label, its one space or the line break is missing.
    private static Optional<String> field(String section, String label) {
        int start = section.indexOf(label);
        int end = start < 0 ? -1 : section.indexOf('\n', start + label.length());
        return end < 0 ? Optional.empty() : Optional.of(section.substring(start + label.length(), end));
    }

    /// What follows the last mention of the flag, up to the end of its line or sentence.
    private static String afterFlag(String text, String flag) {
        int at = text.lastIndexOf(flag);
        if (at < 0) {
            return PythonText.strip(text);
        }
        return before(before(PythonText.strip(text.substring(at + flag.length())), "\n"), ". ");
    }

    private static String normalised(String response) {
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
        text = after(after(text, "="), "\\approx");
        text = without(text, FORMULA_NOISE).replace("\\\\", "\\");
        text = without(text, STRING_NOISE);
        if (text.startsWith(".")) {
            text = "0" + text; // so that "." alone is zero
        }
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

    private static String without(String text, List<String> noises) {
        String rest = text;
        for (String noise : noises) {
            rest = rest.replace(noise, "");
        }
        return rest;
    }

    private static String before(String text, String mark) {
        int at = text.indexOf(mark);
        return at < 0 ? text : text.substring(0, at);
    }

    private static String after(String text, String mark) {
        int at = text.lastIndexOf(mark);
        return at < 0 ? text : text.substring(at + mark.length());
    }
}
