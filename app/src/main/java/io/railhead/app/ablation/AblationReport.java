package io.railhead.app.ablation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The table of an ablation as text for people, as Markdown and as JSON.
public record AblationReport(AblationTable table) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String NONE = "-";
    private static final String INTERVALS = "Mean over seeds, with a 95 % interval by drawing questions and seeds anew"
            + " (2,000 times; questions alone where there is one seed). Accuracies in per cent, weighted as in the papers.";
    private static final String DIFFERENCES =
            "Differences are taken question by question and seed by seed, with intervals of the same kind.";
    private static final String PAPER =
            "The paper's own figures, of Qwen2.5-VL-7B on ReasonMap and ReasonMap-Plus; single runs, no intervals.";

    /// @param rows the first is the head
    private record Section(String title, String note, List<List<String>> rows) {}

    public String text() {
        return sections().stream()
                .map(section -> section.title() + "\n" + aligned(section.rows()) + section.note() + "\n")
                .collect(Collectors.joining("\n"));
    }

    public String markdown() {
        StringBuilder text = new StringBuilder("# Ablation\n");
        for (Section section : sections()) {
            text.append("\n## ").append(section.title()).append("\n\n");
            for (int i = 0; i < section.rows().size(); i++) {
                List<String> row = section.rows().get(i);
                text.append("| ").append(String.join(" | ", row)).append(" |\n");
                text.append(i == 0 ? "|---|" + "---:|".repeat(row.size() - 1) + "\n" : "");
            }
            text.append("\n").append(section.note()).append("\n");
        }
        text.append("\n## Arms\n\n");
        table.rows().forEach(row -> text.append("- `%s`: %s\n".formatted(row.arm(), row.description())));
        return text.toString();
    }

    /// On one line.
    public String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("intervals", INTERVALS);
        all.put("arms", table.rows().stream().map(AblationReport::row).toList());
        all.put(
                "differences",
                table.differences().stream().map(AblationReport::difference).toList());
        try {
            return JSON.writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not representable as JSON: " + all, e);
        }
    }

    private List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("Held-out questions after training", INTERVALS + simulated(), measured()));
        table.differences().stream()
                .map(AblationTable.Difference::against)
                .distinct()
                .forEach(against ->
                        sections.add(new Section("Difference to " + against, DIFFERENCES, differences(against))));
        if (table.rows().stream().anyMatch(row -> !row.paper().isEmpty())) {
            sections.add(new Section("RewardMap as published", PAPER, published()));
        }
        return sections;
    }

    /// Whose times are made up, if any are.
    private String simulated() {
        String arms = table.rows().stream()
                .filter(row -> row.simulatedWaitMillis() > 0)
                .map(row -> "%s (%d ms)".formatted(row.arm(), row.simulatedWaitMillis()))
                .collect(Collectors.joining(", "));
        return arms.isEmpty()
                ? ""
                : " Timing is simulated, by waiting after each decode step of a rollout, in: " + arms + ".";
    }

    private List<List<String>> measured() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(head(List.of("arm", "seeds"), List.of("steps", "responses", "minutes", "s/step")));
        for (AblationTable.Row row : table.rows()) {
            boolean trained = row.steps() > 0;
            rows.add(cells(
                    List.of(row.arm(), trained ? Integer.toString(row.seeds().size()) : NONE),
                    measure -> cell("%.1f", row.estimates().get(measure)),
                    trained
                            ? List.of(
                                    number("%.0f", row.steps()),
                                    number("%.0f", row.responses()),
                                    number("%.1f", row.seconds() / 60),
                                    number("%.2f", row.secondsPerStep().orElse(0)))
                            : List.of(NONE, NONE, NONE, NONE)));
        }
        return rows;
    }

    private List<List<String>> differences(String against) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(head(List.of("arm", "seeds"), List.of()));
        table.differences().stream()
                .filter(difference -> difference.against().equals(against))
                .forEach(difference -> rows.add(cells(
                        List.of(
                                difference.arm(),
                                Integer.toString(difference.seeds().size())),
                        measure -> cell("%+.1f", difference.estimates().get(measure)),
                        List.of())));
        return rows;
    }

    private List<List<String>> published() {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("arm"));
        List.of(Measure.values()).forEach(measure -> head.add(measure.title()));
        rows.add(head);
        table.rows().stream().filter(row -> !row.paper().isEmpty()).forEach(row -> {
            List<String> cells = new ArrayList<>(List.of(row.arm()));
            row.paper().values().forEach(figure -> cells.add(number("%.2f", figure)));
            rows.add(cells);
        });
        return rows;
    }

    private List<String> head(List<String> before, List<String> after) {
        return cells(before, Measure::title, after);
    }

    private List<String> cells(List<String> before, Function<Measure, String> middle, List<String> after) {
        List<String> cells = new ArrayList<>(before);
        table.measures().forEach(measure -> cells.add(middle.apply(measure)));
        cells.addAll(after);
        return cells;
    }

    private static String cell(String format, @Nullable Estimate estimate) {
        return estimate == null
                ? NONE
                : "%s (%s to %s)"
                        .formatted(
                                number(format, estimate.mean()),
                                number(format, estimate.low()),
                                number(format, estimate.high()));
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static String aligned(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int place = column;
                int width =
                        rows.stream().mapToInt(r -> r.get(place).length()).max().orElse(0);
                line.append(("%" + (column == 0 ? "-" : "") + width + "s  ").formatted(row.get(column)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static Map<String, Object> row(AblationTable.Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("arm", row.arm());
        json.put("description", row.description());
        json.put("seeds", row.seeds());
        json.put("steps", row.steps());
        json.put("responses", row.responses());
        json.put("seconds", row.seconds());
        row.secondsPerStep().ifPresent(seconds -> json.put("seconds_per_step", seconds));
        if (row.simulatedWaitMillis() > 0) {
            json.put("simulated_wait_millis", row.simulatedWaitMillis());
        }
        json.put("measures", estimates(row.estimates()));
        Map<String, Double> paper = new LinkedHashMap<>();
        row.paper().forEach((measure, figure) -> paper.put(name(measure), figure));
        if (!paper.isEmpty()) {
            json.put("paper_7b_single_run", paper);
        }
        return json;
    }

    private static Map<String, Object> difference(AblationTable.Difference difference) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("arm", difference.arm());
        json.put("against", difference.against());
        json.put("seeds", difference.seeds());
        json.put("measures", estimates(difference.estimates()));
        return json;
    }

    private static Map<String, Object> estimates(Map<Measure, Estimate> estimates) {
        Map<String, Object> json = new LinkedHashMap<>();
        estimates.forEach((measure, estimate) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("mean", estimate.mean());
            one.put("low", estimate.low());
            one.put("high", estimate.high());
            estimate.overSeeds().ifPresent(interval -> {
                one.put("student_over_seeds_low", interval.low());
                one.put("student_over_seeds_high", interval.high());
            });
            json.put(name(measure), one);
        });
        return json;
    }

    private static String name(Measure measure) {
        return measure.name().toLowerCase(Locale.ROOT);
    }
}
