package io.railhead.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.app.run.Evaluation;
import io.railhead.transit.metric.Accuracy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What is kept of an evaluation: its plain and its weighted rows.
public record EvaluationRows(
        int questions, double meanTokens, List<Accuracy> accuracy, List<Accuracy> weightedAccuracy) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public EvaluationRows {
        accuracy = List.copyOf(accuracy);
        weightedAccuracy = List.copyOf(weightedAccuracy);
    }

    public static EvaluationRows of(Evaluation evaluation) {
        return new EvaluationRows(
                evaluation.answers().size(),
                evaluation.meanTokens(),
                evaluation.table().rows(),
                evaluation.table().weightedRows());
    }

    /// The rows that a run wrote, if it came so far.
    public static Optional<EvaluationRows> read(Path file) throws IOException {
        return Files.exists(file)
                ? Optional.of(MAPPER.readValue(Files.readString(file), EvaluationRows.class))
                : Optional.empty();
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
            answers.addObject()
                    .put("id", answer.question().id())
                    .put("type", answer.question().type().wireName())
                    .put("response", answer.response())
                    .put("reference", answer.question().referenceResponse())
                    .put("correct", answer.correct());
        }
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always representable", e);
        }
    }
}
