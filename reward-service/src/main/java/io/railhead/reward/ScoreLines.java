package io.railhead.reward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.actors.protocol.Score.Component;
import io.railhead.transit.Difficulty;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.QuestionType;
import io.railhead.transit.StationFile;
import io.railhead.transit.answer.AnswerKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Scores lines of JSON: one item in, one verdict out, in order.
///
/// An item has `id`, `type`, `response`, `difficulty_city`; `answer` unless it is a planning question; for planning
/// `station_1`, `station_2`, `question_transfer_count`, and either `stations` (line name -> station names) or `city`,
/// whose station file is then read from the stations directory. A verdict has `id`, `score`, `correct`, `format`,
/// `detail` (before alpha), `weight` and `notes`.
///
/// Not thread-safe: it keeps the station files that it has read.
public final class ScoreLines {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final GradingFunction function;
    private final Optional<Path> stationsDirectory;
    private final Map<String, JsonNode> stationsByCity = new HashMap<>();

    /// @param stationsDirectory holds `<city>.json` or `<country>/<city>.json`
    public ScoreLines(GradingFunction function, Optional<Path> stationsDirectory) {
        this.function = function;
        this.stationsDirectory = stationsDirectory;
    }

    /// Blank lines are passed over.
    ///
    /// @throws ScoreLineException at the first line that cannot be used; what was before it has been put out
    public void scoreAll(BufferedReader items, Consumer<String> verdicts) throws IOException {
        long lineNumber = 0;
        for (String line = items.readLine(); line != null; line = items.readLine()) {
            lineNumber++;
            if (!line.isBlank()) {
                verdicts.accept(score(lineNumber, line));
            }
        }
    }

    /// @throws ScoreLineException if the line is not an item
    public String score(long lineNumber, String line) {
        try {
            JsonNode item = JSON.readTree(line);
            if (!(item instanceof ObjectNode object)) {
                throw new InvalidDataException("an item is a JSON object, not " + item.getNodeType());
            }
            JsonNode id = object.get("id");
            if (id == null || !(id.isTextual() || id.isIntegralNumber())) {
                throw new InvalidDataException("id is " + id + ", not a text or a whole number");
            }
            return verdict(id, function.grade(key(object), text(object, "response")));
        } catch (JsonProcessingException e) {
            throw new ScoreLineException(lineNumber, "not JSON: " + e.getOriginalMessage(), e);
        } catch (InvalidDataException e) {
            throw new ScoreLineException(lineNumber, String.valueOf(e.getMessage()), e);
        }
    }

    private AnswerKey key(ObjectNode item) {
        boolean planning = named(item, "type", QuestionType::ofWireName) == QuestionType.PLANNING;
        named(item, "difficulty_city", Difficulty::ofWireName);
        ObjectNode complete = item.deepCopy();
        if (planning) {
            text(item, "station_1");
            text(item, "station_2");
            if (!item.hasNonNull("stations")) {
                complete.set("stations", stationsOf(item));
            }
        }
        return AnswerKey.fromJson(complete);
    }

    private JsonNode stationsOf(ObjectNode item) {
        if (stationsDirectory.isEmpty() || !item.hasNonNull("city")) {
            throw new InvalidDataException(
                    "stations is missing: give it inline, or give city and a directory of station files");
        }
        String city = text(item, "city");
        JsonNode known = stationsByCity.get(city);
        if (known != null) {
            return known;
        }
        StationFile file = StationFile.read(stationFile(stationsDirectory.get(), city), city);
        JsonNode stations = JSON.valueToTree(file.network().lines());
        stationsByCity.put(city, stations);
        return stations;
    }

    private static Path stationFile(Path directory, String city) {
        try (Stream<Path> files = Files.walk(directory, 2)) {
            List<Path> found = files.filter(file -> {
                        String name = directory.relativize(file).toString();
                        return name.equals(city + ".json") || name.endsWith("/" + city + ".json");
                    })
                    .sorted()
                    .toList();
            if (found.size() != 1) {
                throw new InvalidDataException(
                        "city is %s, which %s has %d station files of".formatted(city, directory, found.size()));
            }
            return found.getFirst();
        } catch (IOException e) {
            throw new InvalidDataException("city is %s, but %s cannot be read: %s".formatted(city, directory, e), e);
        }
    }

    private static String verdict(JsonNode id, Grade grade) {
        ObjectNode verdict = JSON.createObjectNode();
        verdict.set("id", id);
        verdict.put("score", grade.reward())
                .put("correct", grade.correct())
                .put("format", grade.format().value())
                .put("detail", grade.detail())
                .put("weight", grade.weight());
        ArrayNode notes = verdict.putArray("notes");
        Stream.concat(Stream.of(grade.format(), grade.correctness()), grade.details().stream())
                .map(ScoreLines::note)
                .forEach(notes::add);
        return verdict.toString();
    }

    private static String note(Component component) {
        return "%s %s: %s".formatted(component.name(), component.value(), component.reason());
    }

    private static String text(ObjectNode item, String field) {
        JsonNode value = item.get(field);
        if (value == null || !value.isTextual()) {
            throw new InvalidDataException(field + " is " + (value == null ? "missing" : value + ", not a text"));
        }
        return value.textValue();
    }

    private interface Names<T> {
        T of(String name);
    }

    private static <T> T named(ObjectNode item, String field, Names<T> names) {
        try {
            return names.of(text(item, field));
        } catch (IllegalArgumentException e) {
            throw new InvalidDataException(field + ": " + e.getMessage(), e);
        }
    }
}
