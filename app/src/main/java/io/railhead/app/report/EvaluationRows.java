package io.railhead.app.report;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.app.run.Evaluation;
import io.railhead.app.run.Item;
import io.railhead.transit.metric.Accuracy;
import io.railhead.transit.metric.Mean;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What is kept of an evaluation: its plain and its weighted rows, and its means.
public record EvaluationRows(
        int questions, double meanTokens, List<Accuracy> accuracy, List<Accuracy> weightedAccuracy, List<Mean> means) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)) // files of before there were means
            .build();

    public EvaluationRows {
        accuracy = List.copyOf(accuracy);
        weightedAccuracy = List.copyOf(weightedAccuracy);
        means = List.copyOf(means);
    }

    public static EvaluationRows of(Evaluation evaluation) {
        return new EvaluationRows(
                evaluation.answers().size(),
                evaluation.meanTokens(),
                evaluation.rows(),
                evaluation.weightedRows(),
                evaluation.means());
    }

    /// The rows that a run wrote, if it came so far.
    public static Optional<EvaluationRows> read(Path file) throws IOException {
        return Files.exists(file)
                ? Optional.of(MAPPER.readValue(Files.readString(file), EvaluationRows.class))
                : Optional.empty();
    }

    /// All rows as texts, in per cent but for means; the first row is the head.
    List<List<String>> cells() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("accuracy, %", "value", "95 % interval", "questions"));
        for (Accuracy row : accuracy) {
            rows.add(cells(row.name(), 100 * row.accuracy(), 100 * row.low(), 100 * row.high(), row.total()));
        }
        for (Accuracy row : weightedAccuracy) {
            rows.add(cells(
                    row.name() + ", weighted", 100 * row.accuracy(), 100 * row.low(), 100 * row.high(), row.total()));
        }
        for (Mean row : means) {
            rows.add(cells("mean " + row.name(), row.mean(), row.low(), row.high(), row.total()));
        }
        return rows;
    }

    private static List<String> cells(String name, double value, double low, double high, int questions) {
        return List.of(
                name,
                String.format(Locale.ROOT, "%.2f", value),
                String.format(Locale.ROOT, "%.2f - %.2f", low, high),
                Integer.toString(questions));
    }

    /// One JSON object on one line.
    public String toJson() {
        return MAPPER.valueToTree(this).toString();
    }

    /// The same with every answer.
    public static String withAnswers(Evaluation evaluation) {
        ObjectNode json = MAPPER.valueToTree(of(evaluation));
        var answers = json.putArray("answers");
        for (Evaluation.Answer answer : evaluation.answers()) {
            Item item = answer.item();
            ObjectNode entry = answers.addObject().put("id", item.id());
            switch (item) {
                case Item.OfMap _ -> entry.put("type", item.kind());
                case Item.Own _ -> entry.put("kind", item.kind()).put("difficulty", item.difficulty());
            }
            entry.put("response", answer.response())
                    .put("reference", item.reference())
                    .put("correct", answer.correct());
            switch (item) {
                case Item.OfMap _ -> entry.put("map_score", answer.mapScore());
                case Item.Own _ -> entry.put("reward", answer.reward());
            }
            entry.put("tokens", answer.tokens());
        }
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always representable", e);
        }
    }
}
