package io.railhead.app.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/// What other settings made of the recorded data, as a table for people: recorded on the left, replayed on the right.
public final class VariationText {
    private static final int COLUMN = 25;

    private VariationText() {}

    /// @param settings that took the place of the recorded ones
    public static List<String> lines(Variation variation, List<String> settings) {
        List<String> lines = new ArrayList<>();
        lines.add("recorded | with " + String.join(", ", settings));
        List<String> told = Variation.METRICS.stream()
                .filter(name -> variation.rows().stream()
                        .anyMatch(row -> row.recorded().containsKey(name)
                                || row.replayed().containsKey(name)))
                .toList();
        StringBuilder head = new StringBuilder("step  ");
        told.forEach(name -> head.append(padded(name.replaceFirst("^policy/", ""))));
        lines.add(head.toString().stripTrailing());
        for (Variation.Row row : variation.rows()) {
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-6s", row.version()));
            told.forEach(
                    name -> line.append(padded(value(row.recorded(), name) + " | " + value(row.replayed(), name))));
            lines.add(line.toString().stripTrailing());
        }
        lines.add(variation
                .firstDifferent()
                .map(version -> "the data were sampled by the recorded policy: from the step after %s on they are"
                                .formatted(version)
                        + " off-policy here, further with each step")
                .orElse("the weights are those of the run in every step whose checksum it recorded"));
        return lines;
    }

    private static String value(SortedMap<String, Double> metrics, String name) {
        Double value = metrics.get(name);
        return value == null ? "-" : String.format(Locale.ROOT, "%.4g", value);
    }

    private static String padded(String text) {
        return String.format(Locale.ROOT, "%-" + COLUMN + "s ", text);
    }
}
