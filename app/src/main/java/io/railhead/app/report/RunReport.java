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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        List<JsonNode> steps = steps(directory);
        HtmlReport report = new HtmlReport("Run " + directory.root().getFileName())
                .facts("Summary", RunSummary.of(plan, end, steps, before, after))
                .cards("Curves", curves(steps));
        if (before.isPresent() && after.isPresent()) {
            report.table(
                    "Evaluation on held-out questions",
                    new Comparison(before.get(), EvaluationRows.of(after.get())).rows());
        }
        report.text("Ledger", Progress.sentence(end.ledger()));
        if (after.isPresent()) {
            SamplePages.add(report, after.get(), plan.reward().grading());
        }
        return report.code("How to make it again", RunSummary.again(plan, directory.root()))
                .facts("Made with", RunSummary.madeWith())
                .folded("Configuration", "config.conf", Files.readString(directory.config()))
                .toString();
    }

    private static List<HtmlReport.Card> curves(List<JsonNode> steps) {
        Map<String, String> shown = new LinkedHashMap<>(); // title -> metric
        shown.put("Reward of all sampled responses", "sampled/reward");
        shown.put("Share of correct responses among them", "sampled/correct");
        shown.put("Loss", "loss/total");
        shown.put("KL between sampler and trainer, nats", "kl/mismatch");
        shown.put("Effective samples, share of tokens", "policy/effective-sample-fraction");
        shown.put("Staleness, versions", "staleness/mean");
        shown.put("Response length, tokens", "response/mean-tokens");
        shown.put("Entropy, nats", "policy/entropy");
        shown.put("Gradient norm", "optim/gradient-norm");
        shown.put("Share of the groups that ended which was trained", "dropped/trained-share");
        List<HtmlReport.Card> cards = new ArrayList<>();
        shown.forEach((title, metric) -> cards.add(HtmlReport.Card.of(title, curve(metric, steps))));
        return cards;
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

    private static Curve curve(String metric, List<JsonNode> steps) {
        List<Curve.Point> points = new ArrayList<>();
        for (JsonNode step : steps) {
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
