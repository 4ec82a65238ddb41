package io.railhead.transit.benchmark;

import java.util.Locale;
import java.util.OptionalDouble;

/// ChartQA's relaxed accuracy: numbers may be off by 5 % of the right one; all else must be the same text, whatever the
/// capitals.
final class Relaxed {
    private static final double TOLERANCE = 0.05;

    private Relaxed() {}

    static boolean agrees(String answer, String response) {
        String given = response.strip();
        given = given.endsWith(".") ? given.substring(0, given.length() - 1) : given;
        OptionalDouble wanted = number(answer);
        OptionalDouble stated = number(given);
        if (wanted.isPresent() && stated.isPresent() && wanted.getAsDouble() != 0) {
            double error = Math.abs(stated.getAsDouble() - wanted.getAsDouble()) / Math.abs(wanted.getAsDouble());
            return error <= TOLERANCE;
        }
        return given.toLowerCase(Locale.ROOT).equals(answer.strip().toLowerCase(Locale.ROOT));
    }

    /// Per cent are hundredths.
    private static OptionalDouble number(String text) {
        String digits = text.strip();
        boolean percent = digits.endsWith("%");
        try {
            double value = Double.parseDouble(percent ? digits.substring(0, digits.length() - 1) : digits);
            return Double.isFinite(value) ? OptionalDouble.of(percent ? value / 100 : value) : OptionalDouble.empty();
        } catch (NumberFormatException _) {
            return OptionalDouble.empty(); // a text
        }
    }
}
