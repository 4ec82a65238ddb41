package io.railhead.app.replay;

import io.railhead.actors.protocol.Score;
import io.railhead.learner.LearnerMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Where a step's gradient came from, as a table for people: a block a group, a line a sample.
public final class StepOriginText {
    private static final String ROW = "  %-6s %-18s %5s %8s %9s %6s %7s  %s";

    private StepOriginText() {}

    public static List<String> lines(StepOrigin step) {
        List<String> lines = new ArrayList<>();
        lines.add("the step from v%d to v%d (%s)%s"
                .formatted(
                        step.version() - 1,
                        step.version(),
                        step.stage(),
                        step.start() == 0
                                ? ", replayed from the base model"
                                : ", replayed from the checkpoint of v" + step.start()));
        long lease = -1;
        for (SampleOrigin sample : step.samples()) {
            if (sample.lease() != lease) {
                lease = sample.lease();
                lines.add("");
                lines.add(
                        "lease-%d: %s (%s, %s)".formatted(lease, sample.prompt(), sample.kind(), sample.difficulty()));
                lines.add(String.format(
                        Locale.ROOT,
                        ROW,
                        "sample",
                        "tokens",
                        "stale",
                        "reward",
                        "advantage",
                        "kept",
                        "share",
                        "score"));
            }
            lines.add(row(sample));
        }
        lines.add("");
        lines.add(sums(step));
        step.differences()
                .forEach(difference -> lines.add("different from the record: %s is %s, recorded %s"
                        .formatted(difference.name(), difference.replayed(), difference.recorded())));
        lines.add(
                step.same()
                        ? "the step's metrics are those recorded"
                        : "the step here is not the recorded one: what is said of it may not hold");
        return lines;
    }

    private static String row(SampleOrigin sample) {
        return String.format(
                Locale.ROOT,
                ROW,
                sample.sample(),
                sample.versions().stream()
                        .map(span -> "v%d: %d-%d".formatted(span.version(), span.first(), span.last()))
                        .collect(Collectors.joining(", ")),
                sample.staleness(),
                number(sample.reward()),
                number(sample.advantage()),
                sample.kept(),
                percent(sample.share()),
                score(sample));
    }

    private static String score(SampleOrigin sample) {
        String components =
                sample.components().stream().map(StepOriginText::component).collect(Collectors.joining("; "));
        return "%s, %s, weight %s, by %s, %s"
                .formatted(
                        sample.correct() ? "correct" : "wrong",
                        components,
                        number(sample.weight()),
                        sample.worker(),
                        sample.finish());
    }

    private static String component(Score.Component component) {
        String reason = component.reason().strip().replaceAll("\\s+", " ");
        return component.name() + " " + number(component.value()) + (reason.isEmpty() ? "" : " (" + reason + ")");
    }

    private static String sums(StepOrigin step) {
        List<SampleOrigin> samples = step.samples();
        return "%d samples, %d tokens (recorded %s), %d with a pull; mean reward %s (recorded %s); shares %s"
                .formatted(
                        samples.size(),
                        samples.stream().mapToInt(SampleOrigin::tokens).sum(),
                        recorded(step, LearnerMetrics.BATCH_TOKENS, "%.0f"),
                        samples.stream().mapToInt(SampleOrigin::kept).sum(),
                        number(samples.stream()
                                .mapToDouble(SampleOrigin::reward)
                                .average()
                                .orElse(0)),
                        recorded(step, LearnerMetrics.REWARD_MEAN, "%.4f"),
                        percent(samples.stream()
                                .mapToDouble(SampleOrigin::share)
                                .sum()));
    }

    private static String recorded(StepOrigin step, String metric, String format) {
        Double value = step.metrics().get(metric);
        return value == null ? "-" : String.format(Locale.ROOT, format, value);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
