package io.railhead.reward;

import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.transit.Difficulty;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.QuestionType;
import io.railhead.transit.StationFile;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.answer.NetworkIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Reads items to score from JSON objects.
///
/// An item has `id`, `type`, `response`, `difficulty_city`; `answer` unless it is a planning question; for planning
/// `station_1`, `station_2`, `question_transfer_count`, and either `stations` (line name -> station names) or
/// `city`, whose station file is then read from the stations directory, once.
///
/// Safe for several threads.
public final class ScoreItems {
    /// @param id a text or a whole number
    public record Item(JsonNode id, AnswerKey key, String response) {}

    private final Optional<Path> stationsDirectory;
    private final Map<String, NetworkIndex> byCity = new ConcurrentHashMap<>();

    /// @param stationsDirectory holds `<city>.json` or `<country>/<city>.json`
    /// @throws InvalidDataException if it is no directory
    public ScoreItems(Optional<Path> stationsDirectory) {
        stationsDirectory.filter(directory -> !Files.isDirectory(directory)).ifPresent(missing -> {
            throw new InvalidDataException("stations directory " + missing + " does not exist");
        });
        this.stationsDirectory = stationsDirectory;
    }

    /// @throws InvalidDataException if this is no item; the message names the field
    public Item read(JsonNode item) {
        if (!item.isObject()) {
            throw new InvalidDataException("an item is a JSON object, not " + item.getNodeType());
        }
        JsonNode id = item.path("id");
        if (!id.isTextual() && !id.isIntegralNumber()) {
            throw new InvalidDataException("id is " + shown(item, "id", "a text or a whole number"));
        }
        return new Item(id, key(item), text(item, "response"));
    }

    private AnswerKey key(JsonNode item) {
        boolean planning = named(item, "type", QuestionType::ofWireName) == QuestionType.PLANNING;
        named(item, "difficulty_city", Difficulty::ofWireName);
        if (!planning || item.hasNonNull("stations")) {
            return AnswerKey.fromJson(item);
        }
        text(item, "station_1");
        text(item, "station_2");
        return AnswerKey.fromJson(item, network(item));
    }

    private NetworkIndex network(JsonNode item) {
        if (stationsDirectory.isEmpty() || !item.hasNonNull("city")) {
            throw new InvalidDataException(
                    "stations is missing: give it inline, or give city and a directory of station files");
        }
        String city = text(item, "city");
        NetworkIndex known = byCity.get(city);
        if (known == null) {
            StationFile file = StationFile.read(stationFile(stationsDirectory.get(), city), city);
            known = NetworkIndex.ofEntries(file.entries());
            byCity.put(city, known);
        }
        return known;
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

    private static String text(JsonNode item, String field) {
        JsonNode value = item.path(field);
        if (!value.isTextual()) {
            throw new InvalidDataException(field + " is " + shown(item, field, "a text"));
        }
        return value.textValue();
    }

    private static String shown(JsonNode item, String field, String wanted) {
        return item.has(field) ? item.get(field) + ", not " + wanted : "missing";
    }

    private interface Names<T> {
        T of(String name);
    }

    private static <T> T named(JsonNode item, String field, Names<T> names) {
        try {
            return names.of(text(item, field));
        } catch (IllegalArgumentException e) {
            throw new InvalidDataException(field + ": " + e.getMessage(), e);
        }
    }
}
