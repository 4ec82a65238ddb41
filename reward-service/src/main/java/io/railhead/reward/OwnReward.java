package io.railhead.reward;

import io.railhead.actors.protocol.Score;
import io.railhead.transit.answer.AnswerKey;

/// Scores one response to a question of one's own. Pure: equal arguments give equal scores, on any thread. What the
/// score says is `correct` is what tables count as right.
public interface OwnReward extends RewardFunction {
    @Override
    Score score(OwnQuestion question, String response);

    @Override
    default Score score(AnswerKey key, String response) {
        throw new UnsupportedOperationException(getClass().getName() + " scores no questions about maps");
    }
}
