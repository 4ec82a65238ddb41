package io.railhead.transit.answer;

import io.railhead.transit.StationNames;
import java.util.OptionalInt;

/// What the published scorer's language does with text where Java does something else.
final class PythonText {
    private static final int MOST_DIGITS = 4300; // beyond that, int() refuses

    private PythonText() {}

    /// Python's `strip()`: takes off no-break spaces too, which Java's leaves.
    static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && StationNames.isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && StationNames.isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    static boolean isSpaceOr(char c, char other) {
        return c == other || StationNames.isSpace(c);
    }

    /// Whether [#wholeNumber] may take a text with this character in it; half of a pair may be a digit's.
    static boolean canBeInNumber(char c) {
        return c == '_'
                || c == '+'
                || c == '-'
                || Character.isSurrogate(c)
                || Character.isDigit(c)
                || StationNames.isSpace(c);
    }

    /// Python's `int(text)`: any script's digits, a sign, leading zeros, single underscores between digits; empty where
    /// Python raises an error, and where the number is not one of Java's.
    static OptionalInt wholeNumber(String text) {
        String stripped = strip(text);
        int at = 0;
        boolean negative = false;
        if (!stripped.isEmpty() && (stripped.charAt(0) == '+' || stripped.charAt(0) == '-')) {
            negative = stripped.charAt(0) == '-';
            at = 1;
        }
        long value = 0;
        int digits = 0;
        boolean digitBefore = false;
        while (at < stripped.length()) {
            int character = stripped.codePointAt(at);
            at += Character.charCount(character);
            int digit = Character.digit(character, 10);
            if (digit < 0) {
                if (character != '_' || !digitBefore) {
                    return OptionalInt.empty();
                }
                digitBefore = false;
                continue;
            }
            digitBefore = true;
            digits++;
            value = Math.min(value * 10 + digit, 1L + Integer.MAX_VALUE); // stays beyond the range once it is
        }
        if (!digitBefore || digits > MOST_DIGITS || value > Integer.MAX_VALUE) {
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) (negative ? -value : value));
    }
}
