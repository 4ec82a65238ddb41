package io.railhead.reward;

import io.railhead.actors.protocol.Score;
import io.railhead.transit.answer.AnswerKey;

/// A reward function that can say what its score is made of. Takes time linear in the response and never throws on
/// one.
public interface GradingFunction extends RewardFunction {
    Grade grade(AnswerKey key, String response);

    @Override
    default Score score(AnswerKey key, String response) {
        return grade(key, response).toScore();
    }
}
