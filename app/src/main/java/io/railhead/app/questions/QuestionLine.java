package io.railhead.app.questions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.reward.OwnQuestion;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.data.FileImage;
import io.railhead.transit.data.ImageSource;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Reads one line. A field that is not known is refused, so that a slip of the pen is not a question without an answer.
final class QuestionLine {
    /// What a question is that does not say its kind or its difficulty.
    static final String UNSAID = "any";

    private static final List<String> FIELDS =
            List.of("id", "prompt", "answer", "images", "kind", "difficulty", "response");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private QuestionLine() {}

    /// @param folder that paths of pictures start from
    /// @throws InvalidDataException if the line is no question; the message names the field, not the line
    static OwnItem read(String line, Path folder) {
        JsonNode json = json(line);
        if (!json.isObject()) {
            throw new InvalidDataException("it is no JSON object");
        }
        TreeSet<String> unknown = new TreeSet<>();
        json.fieldNames().forEachRemaining(unknown::add);
        FIELDS.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new InvalidDataException(
                    "unknown field %s; known are %s".formatted(unknown.first(), String.join(", ", FIELDS)));
        }
        if (!json.has("answer")) {
            throw new InvalidDataException("answer is missing");
        }
        OwnQuestion question = new OwnQuestion(
                id(json),
                optional(json, "kind").orElse(UNSAID),
                optional(json, "difficulty").orElse(UNSAID),
                optional(json, "prompt").orElseThrow(() -> new InvalidDataException("prompt is missing")),
                json.get("answer"));
        return new OwnItem(question, optional(json, "response"), images(json.path("images"), folder));
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new InvalidDataException("it is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String id(JsonNode json) {
        JsonNode id = json.path("id");
        if (id.isMissingNode() || id.isNull()) {
            throw new InvalidDataException("id is missing");
        }
        if (!(id.isTextual() && !id.textValue().isBlank()) && !id.isIntegralNumber()) {
            throw new InvalidDataException("id is " + id + ", not a text or a whole number");
        }
        return id.asText();
    }

    /// A text with something in it.
    private static Optional<String> optional(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new InvalidDataException(field + " is " + value + ", not a text with something in it");
        }
        return Optional.of(value.textValue());
    }

    private static List<ImageSource> images(JsonNode paths, Path folder) {
        if (paths.isMissingNode() || paths.isNull()) {
            return List.of();
        }
        if (!paths.isArray()) {
            throw new InvalidDataException("images is " + paths + ", not a list of paths");
        }
        List<ImageSource> images = new ArrayList<>();
        for (JsonNode path : paths) {
            if (!path.isTextual()) {
                throw new InvalidDataException("images has " + path + ", not a path");
            }
            images.add(image(path.textValue(), folder));
        }
        return images;
    }

    private static ImageSource image(String path, Path folder) {
        try {
            Path file = folder.resolve(path).normalize();
            if (!Files.isRegularFile(file)) {
                throw new InvalidDataException("there is no picture " + file);
            }
            return new FileImage(path, file);
        } catch (InvalidPathException e) {
            throw new InvalidDataException("images has " + path + ", not a path: " + e.getReason(), e);
        }
    }
}
