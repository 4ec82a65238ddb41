package io.railhead.reward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.railhead.actors.protocol.Score;
import java.util.Comparator;
import java.util.List;

/// What scores questions of one's own when nothing else is said: 1 if the response is the answer, else 0.
///
/// A response that has a `\boxed{...}` answers with what is in the last one, any other with all of itself. A text is
/// compared as text, without the space around it and with every stretch of space as one blank; any other JSON is
/// compared as JSON, numbers by value.
final class ExactMatch implements OwnReward {
    private static final String BOX = "\\boxed{";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final Comparator<JsonNode> BY_VALUE = (one, other) -> one.isNumber() && other.isNumber()
            ? one.decimalValue().compareTo(other.decimalValue())
            : one.equals(other) ? 0 : 1;

    private static final Score RIGHT = score(1, "is the answer");
    private static final Score WRONG = score(0, "is not the answer");

    @Override
    public Score score(OwnQuestion question, String response) {
        return matches(question.answer(), said(response)) ? RIGHT : WRONG;
    }

    private static boolean matches(JsonNode answer, String said) {
        return answer.isTextual() ? tidy(answer.textValue()).equals(tidy(said)) : answer.equals(BY_VALUE, json(said));
    }

    private static String said(String response) {
        int box = response.lastIndexOf(BOX);
        if (box < 0) {
            return response;
        }
        int depth = 1;
        int from = box + BOX.length();
        for (int i = from; i < response.length(); i++) {
            depth += response.charAt(i) == '{' ? 1 : response.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return response.substring(from, i);
            }
        }
        return response; // the box was never closed
    }

    private static String tidy(String text) {
        StringBuilder tidy = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c)) {
                tidy.append(c);
            } else if (!tidy.isEmpty() && tidy.charAt(tidy.length() - 1) != ' ') {
                tidy.append(' ');
            }
        }
        return tidy.toString().stripTrailing();
    }

    private static JsonNode json(String said) {
        try {
            return JSON.readTree(said);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static Score score(double value, String why) {
        return new Score(value, value > 0, 1, List.of(new Score.Component("correctness", value, why)));
    }
}
