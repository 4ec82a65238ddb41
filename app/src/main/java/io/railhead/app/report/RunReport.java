package io.railhead.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.app.run.Evaluation;
import io.railhead.app.run.RunDirectory;
import io.railhead.app.run.RunPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `report.html` of a run, from what is in its directory and how it ended.
public final class RunReport {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RunReport() {}

    /// @param after the answers after training, if they were asked for
    public static String of(
            RunPlan plan,
            RunDirectory directory,
            RunEnded end,
            Optional<EvaluationRows> before,
            Optional<Evaluation> after)
            throws IOException {
        HtmlReport report = new HtmlReport("Run " + directory.root().getFileName())
                .text("Outcome", outcome(end))
                .curve("Reward of all sampled responses", curve("sampled/reward", directory))
                .curve("Share of correct responses among them", curve("sampled/correct", directory))
                .curve("Share of the groups that ended which was trained", curve("dropped/trained-share", directory));
        plan.policy().timingNote().ifPresent(note -> report.text("Timing", note));
        if (before.isPresent() && after.isPresent()) {
            report.table(
                    "Evaluation on held-out questions",
                    new Comparison(before.get(), EvaluationRows.of(after.get())).rows());
        }
        report.text("Ledger", Progress.sentence(end.ledger()));
        if (after.isPresent()) {
            SamplePages.add(report, after.get(), plan.reward().grading(), directory.reportMaps());
        }
        return report.code("Configuration", Files.readString(directory.config()))
                .toString();
    }

    private static String outcome(RunEnded end) {
        String cause = end.cause().isBlank() ? "" : ": " + end.cause();
        return end.outcome().name().toLowerCase(java.util.Locale.ROOT) + " at " + end.version() + cause;
    }

    /// The share of correct responses among all that were sampled, as the screen shows it.
    public static String textCurve(RunDirectory directory) throws IOException {
        List<TextCurve.Point> points = new ArrayList<>();
        for (JsonNode step : steps(directory)) {
            JsonNode share = step.path("sampled/correct");
            if (share.isNumber()) {
                points.add(new TextCurve.Point(step.path("stage").asText(), share.asDouble()));
            }
        }
        return new TextCurve(points).text();
    }

    private static Curve curve(String metric, RunDirectory directory) throws IOException {
        List<Curve.Point> points = new ArrayList<>();
        for (JsonNode step : steps(directory)) {
            JsonNode value = step.path(metric);
            if (value.isNumber()) {
                points.add(new Curve.Point(
                        step.path("version").asLong(),
                        value.asDouble(),
                        step.path("stage").asText()));
            }
        }
        return new Curve(metric, points);
    }

    private static List<JsonNode> steps(RunDirectory directory) throws IOException {
        List<JsonNode> steps = new ArrayList<>();
        if (Files.exists(directory.metrics())) {
            for (String line : Files.readAllLines(directory.metrics())) {
                steps.add(JSON.readTree(line));
            }
        }
        return steps;
    }
}
