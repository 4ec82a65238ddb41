package io.railhead.transit.answer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.transit.Difficulty;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionType;
import io.railhead.transit.StationFile;
import io.railhead.transit.TransitNetwork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// All that a scorer needs to know of a question: it travels beside the prompt as a string that nobody else reads.
///
/// @param answer see [Question]
/// @param network what lines of the network the scoring needs: all for planning, those that have both stations for
///     Counting1 (none, if the data came without stations), none for the others
public record AnswerKey(
        QuestionType type,
        int answer,
        @Nullable String station1,
        @Nullable String station2,
        Difficulty mapDifficulty,
        int questionTransferCount,
        NetworkIndex network) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final NetworkIndex NO_LINES = new NetworkIndex(new LinkedHashMap<>());

    public AnswerKey {
        if (!type.canHaveAnswer(answer)) {
            throw new IllegalArgumentException("answer " + answer + " of a question of type " + type.wireName());
        }
        if (questionTransferCount < 0) {
            throw new IllegalArgumentException("question_transfer_count is " + questionTransferCount);
        }
        if (type == QuestionType.PLANNING
                && (station1 == null || station2 == null || network.lines().isEmpty())) {
            throw new IllegalArgumentException("a planning question needs station_1, station_2 and stations");
        }
    }

    public AnswerKey(
            QuestionType type,
            int answer,
            @Nullable String station1,
            @Nullable String station2,
            Difficulty mapDifficulty,
            int questionTransferCount,
            SequencedMap<String, List<String>> lines) {
        this(
                type,
                answer,
                station1,
                station2,
                mapDifficulty,
                questionTransferCount,
                lines.isEmpty() ? NO_LINES : new NetworkIndex(lines));
    }

    public SequencedMap<String, List<String>> lines() {
        return network.lines();
    }

    public static AnswerKey of(Question question, TransitNetwork network) {
        return new AnswerKey(
                question.type(),
                question.answer(),
                question.station1(),
                question.station2(),
                question.mapDifficulty(),
                question.questionTransferCount(),
                linesFor(question, network));
    }

    private static SequencedMap<String, List<String>> linesFor(Question question, TransitNetwork network) {
        return switch (question.type()) {
            case PLANNING -> network.lines();
            case COUNTING1 -> {
                var common = new LinkedHashMap<>(network.lines());
                common.values()
                        .removeIf(stations ->
                                !stations.contains(question.station1()) || !stations.contains(question.station2()));
                yield common;
            }
            case TORF1, TORF2, COUNTING2, COUNTING3 -> new LinkedHashMap<>();
        };
    }

    /// One line, with the names that the data sets use. [#fromJson] gives an equal key.
    public String toJson() {
        ObjectNode json = JSON.createObjectNode().put("type", type.wireName()).put("answer", answer);
        if (station1 != null) {
            json.put("station_1", station1);
        }
        if (station2 != null) {
            json.put("station_2", station2);
        }
        json.put("difficulty_city", mapDifficulty.wireName()).put("question_transfer_count", questionTransferCount);
        if (!lines().isEmpty()) {
            ObjectNode stations = json.putObject("stations");
            lines().forEach((line, names) -> {
                var list = stations.putArray(line);
                names.forEach(list::add);
            });
        }
        return json.toString();
    }

    /// @throws InvalidDataException if the text is not such a key; the message names the field
    public static AnswerKey fromJson(String json) {
        try {
            return fromJson(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new InvalidDataException("the answer key is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /// The same from a tree, which may hold other fields as well.
    ///
    /// @throws InvalidDataException if a field is missing or of the wrong kind; the message names it
    public static AnswerKey fromJson(JsonNode json) {
        return fromJson(json, json.hasNonNull("stations") ? network(json.get("stations")) : NO_LINES);
    }

    /// The same with a network that is at hand; the tree's own is not looked at.
    ///
    /// @throws InvalidDataException likewise
    public static AnswerKey fromJson(JsonNode json, NetworkIndex network) {
        try {
            var type = QuestionType.ofWireName(text(json, "type"));
            boolean planning = type == QuestionType.PLANNING;
            return new AnswerKey(
                    type,
                    planning && !json.has("answer") ? Question.NO_ANSWER_NUMBER : number(json, "answer"),
                    json.hasNonNull("station_1") ? text(json, "station_1") : null,
                    json.hasNonNull("station_2") ? text(json, "station_2") : null,
                    Difficulty.ofWireName(text(json, "difficulty_city")),
                    planning || json.hasNonNull("question_transfer_count")
                            ? number(json, "question_transfer_count")
                            : 0,
                    network);
        } catch (IllegalArgumentException e) {
            throw new InvalidDataException("answer key: " + e.getMessage(), e);
        }
    }

    private static NetworkIndex network(JsonNode stations) {
        return NetworkIndex.ofEntries(
                StationFile.of(stations, "stations", "stations").entries());
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.get(field);
        if (value == null || !value.isTextual()) {
            throw new InvalidDataException("answer key: %s is %s, not a text".formatted(field, value));
        }
        return value.textValue();
    }

    private static int number(JsonNode json, String field) {
        JsonNode value = json.get(field);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new InvalidDataException("answer key: %s is %s, not a whole number".formatted(field, value));
        }
        return value.intValue();
    }
}
