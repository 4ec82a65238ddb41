package io.railhead.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.app.run.PolicySettings;
import io.railhead.app.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `report.html` of a run, from what is in its directory and how it ended.
public final class RunReport {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RunReport() {}

    public static String of(
            RunDirectory directory,
            PolicySettings policy,
            RunEnded end,
            Optional<EvaluationRows> before,
            Optional<EvaluationRows> after)
            throws IOException {
        HtmlReport report = new HtmlReport("Run " + directory.root().getFileName())
                .text("Outcome", outcome(end))
                .curve("Reward", curve("reward/mean", directory));
        policy.timingNote().ifPresent(note -> report.text("Timing", note));
        if (before.isPresent() && after.isPresent()) {
            report.table("Evaluation on held-out questions", new Comparison(before.get(), after.get()).rows());
        }
        return report.text("Ledger", Progress.sentence(end.ledger()))
                .code("Configuration", Files.readString(directory.config()))
                .toString();
    }

    private static String outcome(RunEnded end) {
        String cause = end.cause().isBlank() ? "" : ": " + end.cause();
        return end.outcome().name().toLowerCase(java.util.Locale.ROOT) + " at " + end.version() + cause;
    }

    private static Curve curve(String metric, RunDirectory directory) throws IOException {
        List<Curve.Point> points = new ArrayList<>();
        if (Files.exists(directory.metrics())) {
            for (String line : Files.readAllLines(directory.metrics())) {
                JsonNode step = JSON.readTree(line);
                JsonNode value = step.path(metric);
                if (value.isNumber()) {
                    points.add(new Curve.Point(step.path("version").asLong(), value.asDouble()));
                }
            }
        }
        return new Curve(metric, points);
    }
}
