package io.railhead.reward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.actors.protocol.Score;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.answer.AnswerKey;

/// What a scoring function is told of a question, whichever kind of data it is from.
public sealed interface ScoringKey {
    JsonMapper JSON = new JsonMapper();

    /// Of a question about a map.
    record OfMap(AnswerKey key) implements ScoringKey {
        @Override
        public Score score(RewardFunction function, String response) {
            return function.score(key, response);
        }
    }

    /// Of a question of one's own.
    record Own(OwnQuestion question) implements ScoringKey {
        @Override
        public Score score(RewardFunction function, String response) {
            return function.score(question, response);
        }
    }

    Score score(RewardFunction function, String response);

    /// What a task carries as its answer key.
    ///
    /// @throws InvalidDataException if the text is neither
    static ScoringKey of(String json) {
        try {
            JsonNode tree = JSON.readTree(json);
            return OwnQuestion.isIn(tree) ? new Own(OwnQuestion.fromJson(tree)) : new OfMap(AnswerKey.fromJson(tree));
        } catch (JsonProcessingException e) {
            throw new InvalidDataException("the answer key is not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
