package io.railhead.app.stale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// Presets by staleness: final reward, held-out answers, steps to a threshold, effective samples; as Markdown and JSON.
/// A cell is the mean over seeds, with the lowest and the highest.
public final class StaleTable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final double WAY = 0.9;

    private final List<StaleResult> results;
    private final List<String> presets;
    private final List<Integer> stalenesses;

    /// @param results at least one, in any order; presets stand in the order of their first result
    public StaleTable(List<StaleResult> results) {
        this.results = List.copyOf(results);
        this.presets = results.stream().map(StaleResult::preset).distinct().toList();
        this.stalenesses =
                results.stream().map(StaleResult::staleness).distinct().sorted().toList();
    }

    /// The reward nine tenths of the way from where runs begin to the best that a preset reaches, means over seeds. The
    /// rewards at the beginning are those of one model, and so of all results.
    public double threshold() {
        double first =
                results.stream().mapToDouble(StaleResult::firstReward).average().orElseThrow();
        double best = presets.stream()
                .flatMap(preset -> stalenesses.stream().map(staleness -> of(preset, staleness)))
                .filter(cell -> !cell.isEmpty())
                .mapToDouble(cell -> mean(cell, StaleResult::finalReward))
                .max()
                .orElseThrow();
        return first + WAY * (best - first);
    }

    public String markdown() {
        double threshold = threshold();
        return "# Objectives by staleness\n"
                + section(
                        "Final reward: mean of the last tenth of the steps",
                        cell -> spread(cell, "%.3f", StaleResult::finalReward))
                + section(
                        "Held-out questions answered right, in per cent",
                        cell -> spread(cell, "%.1f", StaleResult::heldOut))
                + section(
                        String.format(
                                Locale.ROOT,
                                "Steps to a reward of %.3f (mean of a tenth of the steps); - where a seed never came there",
                                threshold),
                        cell -> steps(cell, threshold))
                + section(
                        "Effective samples after the first half of the steps, share",
                        cell -> spread(cell, "%.3f", StaleResult::effectiveSamples))
                + section(
                        "KL between sampling and training policy there, nats a token",
                        cell -> spread(cell, "%.1e", StaleResult::mismatchKl));
    }

    /// On one line: all results with what is derived from them.
    public String json() {
        double threshold = threshold();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("threshold", threshold);
        all.put(
                "results",
                results.stream().map(result -> row(result, threshold)).toList());
        try {
            return JSON.writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not representable as JSON: " + all, e);
        }
    }

    private static Map<String, Object> row(StaleResult result, double threshold) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("preset", result.preset());
        row.put("staleness", result.staleness());
        row.put("seed", result.seed());
        row.put("final_reward", result.finalReward());
        row.put("held_out_percent", result.heldOut());
        row.put("held_out_questions", result.heldOutQuestions());
        int steps = result.stepsTo(threshold);
        if (steps <= result.rewards().size()) {
            row.put("steps_to_threshold", steps);
        }
        row.put("effective_samples", result.effectiveSamples());
        row.put("mismatch_kl", result.mismatchKl());
        row.put("seconds", result.seconds());
        row.put("rewards", result.rewards());
        return row;
    }

    private String section(String title, Function<List<StaleResult>, String> cell) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("preset"));
        stalenesses.forEach(staleness -> head.add(staleness + " stale"));
        rows.add(head);
        rows.add(head.stream().map(_ -> "---").toList());
        for (String preset : presets) {
            List<String> row = new ArrayList<>(List.of(preset));
            stalenesses.forEach(staleness -> row.add(cell.apply(of(preset, staleness))));
            rows.add(row);
        }
        return rows.stream()
                .map(row -> "| " + String.join(" | ", row) + " |\n")
                .collect(Collectors.joining("", "\n## " + title + "\n\n", ""));
    }

    private List<StaleResult> of(String preset, int staleness) {
        return results.stream()
                .filter(result -> result.preset().equals(preset) && result.staleness() == staleness)
                .sorted(Comparator.comparingLong(StaleResult::seed))
                .toList();
    }

    private static String spread(List<StaleResult> cell, String format, ToDoubleFunction<StaleResult> figure) {
        if (cell.isEmpty()) {
            return "";
        }
        double[] figures = cell.stream().mapToDouble(figure).sorted().toArray();
        String mean = number(format, mean(cell, figure));
        return figures.length == 1
                ? mean
                : "%s (%s to %s)"
                        .formatted(mean, number(format, figures[0]), number(format, figures[figures.length - 1]));
    }

    private static String steps(List<StaleResult> cell, double threshold) {
        return cell.stream()
                .map(result -> {
                    int steps = result.stepsTo(threshold);
                    return steps > result.rewards().size() ? "-" : Integer.toString(steps);
                })
                .collect(Collectors.joining(", "));
    }

    private static double mean(List<StaleResult> cell, ToDoubleFunction<StaleResult> figure) {
        return cell.stream().mapToDouble(figure).average().orElseThrow();
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
