package io.railhead.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.app.run.Evaluation;
import io.railhead.app.run.RunPlan;
import io.railhead.policy.djl.NativeThreads;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A run in a few lines, and how to make it again.
final class RunSummary {
    private static final int TENTH = 10;

    private RunSummary() {}

    static List<List<String>> of(
            RunPlan plan,
            RunEnded end,
            List<JsonNode> steps,
            Optional<EvaluationRows> before,
            Optional<Evaluation> after) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("outcome", outcome(end)));
        rows.add(List.of("model", plan.policy().model()));
        if (!steps.isEmpty()) {
            Duration time = Duration.between(at(steps.getFirst()), at(steps.getLast()));
            rows.add(List.of(
                    "train steps",
                    "%d, %d:%02d:%02d from the first to the last, ended in stage %s"
                            .formatted(
                                    steps.size(),
                                    time.toHours(),
                                    time.toMinutesPart(),
                                    time.toSecondsPart(),
                                    steps.getLast().path("stage").asText())));
            rows.add(List.of("responses sampled", "%,.0f".formatted(sum(steps, "sampled/responses"))));
            rows.add(List.of("correct among them", change(steps, "sampled/correct")));
        }
        if (before.isPresent() && after.isPresent()) {
            rows.add(List.of(
                    "held-out questions", new Comparison(before.get(), EvaluationRows.of(after.get())).overall()));
        }
        rows.add(List.of(
                "staleness, versions", "at most %d".formatted(plan.stage().maxStaleness())));
        plan.policy().timingNote().ifPresent(note -> rows.add(List.of("timing", note)));
        return rows;
    }

    /// The commands that make it again, for a shell.
    static String again(RunPlan plan, Path run) {
        String determined = plan.stage().maxStaleness() == 0
                ? "# Staleness 0 and one seed: on the same kind of machine the same weights, bit for bit."
                : "# Staleness above 0: which samples a step gets depends on timing, so curves will be alike, not equal.";
        return """
                # With the configuration below in config.conf, and as many native threads (OMP_NUM_THREADS=%d):
                railhead train --config config.conf --run-dir AGAIN
                %s
                # The very same weights, from this run's event log:
                railhead replay %s
                """.formatted(NativeThreads.count(), determined, run);
    }

    static List<List<String>> madeWith() {
        Runtime.Version java = Runtime.version();
        return List.of(
                List.of("Railhead", io.railhead.app.Version.TEXT),
                List.of("Java", java.toString()),
                List.of("system", System.getProperty("os.name") + " " + System.getProperty("os.arch")),
                List.of("native library", NativeThreads.platform()),
                List.of("native threads", Integer.toString(NativeThreads.count())));
    }

    private static String outcome(RunEnded end) {
        String cause = end.cause().isBlank() ? "" : ": " + end.cause();
        return end.outcome().name().toLowerCase(Locale.ROOT) + " at " + end.version() + cause;
    }

    private static Instant at(JsonNode step) {
        return Instant.parse(step.path("time").asText());
    }

    private static double sum(List<JsonNode> steps, String metric) {
        return steps.stream().mapToDouble(step -> step.path(metric).asDouble()).sum();
    }

    /// The means of the first and of the last tenth of the steps.
    private static String change(List<JsonNode> steps, String metric) {
        List<Double> values = steps.stream()
                .map(step -> step.path(metric))
                .filter(JsonNode::isNumber)
                .map(JsonNode::doubleValue)
                .toList();
        if (values.isEmpty()) {
            return "-";
        }
        int tenth = Math.max(1, values.size() / TENTH);
        return String.format(
                Locale.ROOT,
                "%.1f %% at first, %.1f %% at last (a tenth of the steps each)",
                percent(values.subList(0, tenth)),
                percent(values.subList(values.size() - tenth, values.size())));
    }

    private static double percent(List<Double> shares) {
        return 100 * shares.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
