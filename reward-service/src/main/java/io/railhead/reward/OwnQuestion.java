package io.railhead.reward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.transit.InvalidDataException;

/// A question of one's own, about anything, as its scorer knows it (`railhead.data.source = questions`).
///
/// @param kind what tables and curricula tell questions apart by, any text
/// @param difficulty likewise
/// @param answer any JSON; it is shared, nobody changes it
public record OwnQuestion(String id, String kind, String difficulty, String prompt, JsonNode answer) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String FIELD = "own_question";

    /// The answer as a response would write it: a text as it stands, anything else as JSON.
    public String answerText() {
        return answer.isTextual() ? answer.textValue() : answer.toString();
    }

    /// One line that travels beside the prompt. [#fromJson] gives an equal question.
    public String toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.putObject(FIELD)
                .put("id", id)
                .put("kind", kind)
                .put("difficulty", difficulty)
                .put("prompt", prompt)
                .set("answer", answer);
        return json.toString();
    }

    /// Whether this is a question of one's own and not the key to one about a map.
    static boolean isIn(JsonNode json) {
        return json.has(FIELD);
    }

    /// @throws InvalidDataException if the text is none; the message names the field
    public static OwnQuestion fromJson(String json) {
        try {
            return fromJson(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new InvalidDataException("the question is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    static OwnQuestion fromJson(JsonNode json) {
        JsonNode question = json.path(FIELD);
        JsonNode answer = question.get("answer");
        if (answer == null) {
            throw new InvalidDataException("a question of one's own has no " + FIELD + ".answer");
        }
        return new OwnQuestion(
                text(question, "id"),
                text(question, "kind"),
                text(question, "difficulty"),
                text(question, "prompt"),
                answer);
    }

    private static String text(JsonNode question, String field) {
        JsonNode value = question.path(field);
        if (!value.isTextual()) {
            throw new InvalidDataException("%s.%s is no text".formatted(FIELD, field));
        }
        return value.textValue();
    }
}
