package io.railhead.transit.metric;

import io.railhead.transit.StationNames;
import java.util.Locale;

/// How names are compared in an evaluation.
final class EvaluationNames {
    private EvaluationNames() {}

    /// Two names are one if this is equal. The published evaluation leaves "Station", 站, apostrophes and abbreviations
    /// as they are, so "Bukit Batok" is not "Bukit Batok Station" there.
    static String key(String name, EvaluationMode mode) {
        return switch (mode) {
            case RAILHEAD -> StationNames.key(name);
            case REFERENCE -> published(published(name));
        };
    }

    private static String published(String name) {
        String text = name.replace("Metro", "").replace("metro", "");
        text = without(without(text.replace(",", "").replace("*", "").replace("\n", ""), '(', ')'), '（', '）');
        var kept = new StringBuilder();
        text.chars()
                .filter(c -> c != '-' && !Character.isWhitespace(c) && !Character.isSpaceChar(c))
                .forEach(c -> kept.append((char) c));
        return kept.toString().toLowerCase(Locale.ROOT);
    }

    private static String without(String text, char open, char close) {
        var kept = new StringBuilder();
        int from = 0;
        for (int start = text.indexOf(open); start >= 0; start = text.indexOf(open, from)) {
            int end = text.indexOf(close, start);
            if (end < 0) {
                break;
            }
            kept.append(text, from, start);
            from = end + 1;
        }
        return kept.append(text, from, text.length()).toString();
    }
}
