package io.railhead.app.report;

import io.railhead.transit.metric.Accuracy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Two evaluations of the same questions side by side, in per cent with 95 % intervals.
public record Comparison(EvaluationRows before, EvaluationRows after) {
    private static final String NONE = "-";

    /// Cells; the first row is the head.
    public List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("accuracy, %", "before", "95 % interval", "after", "95 % interval", "questions"));
        Map<String, Accuracy> old = all(before).collect(Collectors.toMap(Accuracy::name, Function.identity()));
        all(after).forEach(now -> {
            Accuracy then = old.get(now.name());
            rows.add(List.of(
                    now.name(),
                    then == null ? NONE : percent(then.accuracy()),
                    then == null ? NONE : interval(then),
                    percent(now.accuracy()),
                    interval(now),
                    Integer.toString(now.total())));
        });
        return rows;
    }

    /// The first row, which is of all questions, as a phrase.
    String overall() {
        Accuracy now = after.accuracy().getFirst();
        String then = all(before)
                .filter(row -> row.name().equals(now.name()))
                .findFirst()
                .map(row -> "%s %% (%s) before training, ".formatted(percent(row.accuracy()), interval(row)))
                .orElse("");
        return "%s%s %% (%s) after, of %d".formatted(then, percent(now.accuracy()), interval(now), now.total());
    }

    public String text() {
        return rows().stream()
                .map(row -> String.format(
                        Locale.ROOT, "%-30s %7s %15s %7s %15s %10s", (Object[]) row.toArray(String[]::new)))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static Stream<Accuracy> all(EvaluationRows rows) {
        return Stream.concat(rows.accuracy().stream(), rows.weightedAccuracy().stream());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }

    private static String interval(Accuracy row) {
        return percent(row.low()) + " - " + percent(row.high());
    }
}
