package io.railhead.transit.benchmark;

import io.railhead.transit.metric.EvaluationMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// ChartQA's relaxed accuracy: numbers may be off by 5 % of the right one; all else must be the same text, whatever
/// the capitals.
///
/// The published tool takes an answer in square brackets for several, one of which is enough, even where the
/// brackets are the answer's own (`[2014, 2016]`); and a full stop behind a text makes it another. Neither is so by
/// default, but for quoted answers in brackets.
final class Relaxed {
    private static final double TOLERANCE = 0.05;
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?+(?:\\d++(?:\\.\\d*+)?+|\\.\\d++)(?:[eE][+-]?+\\d++)?+");
    private static final Pattern QUOTED = Pattern.compile("\\s*+(?:'([^']*+)'|\"([^\"]*+)\")\\s*+(?:,|$)");

    private Relaxed() {}

    static boolean agrees(String answer, String response, EvaluationMode mode) {
        String given = response.strip();
        String stated =
                mode == EvaluationMode.RAILHEAD && given.endsWith(".") ? given.substring(0, given.length() - 1) : given;
        return alternatives(answer, mode).stream().anyMatch(wanted -> agrees(wanted, stated));
    }

    private static boolean agrees(String answer, String given) {
        OptionalDouble wanted = number(answer);
        OptionalDouble stated = number(given);
        if (wanted.isPresent() && stated.isPresent() && wanted.getAsDouble() != 0) {
            double error = Math.abs(stated.getAsDouble() - wanted.getAsDouble()) / Math.abs(wanted.getAsDouble());
            return error <= TOLERANCE;
        }
        return given.toLowerCase(Locale.ROOT).equals(answer.strip().toLowerCase(Locale.ROOT));
    }

    private static List<String> alternatives(String answer, EvaluationMode mode) {
        String text = answer.strip();
        if (!text.startsWith("[") || !text.endsWith("]")) {
            return List.of(answer);
        }
        String inside = text.substring(1, text.length() - 1);
        List<String> found = quoted(inside);
        if (found.isEmpty() && mode == EvaluationMode.REFERENCE) {
            found = numbers(inside);
        }
        return found.isEmpty() ? List.of(answer) : found;
    }

    /// Empty if not all are quoted.
    private static List<String> quoted(String list) {
        List<String> found = new ArrayList<>();
        Matcher next = QUOTED.matcher(list);
        int end = 0;
        while (next.lookingAt() && end < list.length()) {
            found.add(next.group(1) == null ? next.group(2) : next.group(1));
            end = next.end();
            next.region(end, list.length());
        }
        return end == list.length() ? found : List.of();
    }

    /// Empty if not all are numbers.
    private static List<String> numbers(String list) {
        List<String> found = new ArrayList<>();
        for (String part : list.split(",", -1)) {
            if (!NUMBER.matcher(part.strip()).matches()) {
                return List.of();
            }
            found.add(part.strip());
        }
        return found;
    }

    /// Per cent are hundredths.
    private static OptionalDouble number(String text) {
        String digits = text.strip();
        boolean percent = digits.endsWith("%");
        String value = percent ? digits.substring(0, digits.length() - 1).strip() : digits;
        if (!NUMBER.matcher(value).matches()) {
            return OptionalDouble.empty();
        }
        double parsed = Double.parseDouble(value);
        return Double.isFinite(parsed) ? OptionalDouble.of(percent ? parsed / 100 : parsed) : OptionalDouble.empty();
    }
}
