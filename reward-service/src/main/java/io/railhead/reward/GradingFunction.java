package io.railhead.reward;

import io.railhead.actors.protocol.Score;
import io.railhead.transit.answer.AnswerKey;

/// A reward function that can say what its score is made of. Takes time linear in the response and never throws on
/// one.
public interface GradingFunction extends RewardFunction {
    RewardFunction OWN = new ExactMatch();

    Grade grade(AnswerKey key, String response);

    @Override
    default Score score(AnswerKey key, String response) {
        return grade(key, response).toScore();
    }

    /// Questions of one's own know no profile: the answer, exactly, or nothing.
    @Override
    default Score score(OwnQuestion question, String response) {
        return OWN.score(question, response);
    }
}
