package io.railhead.reward;

import io.railhead.actors.protocol.Score;
import io.railhead.transit.answer.AnswerKey;

/// Scores one response. Pure: equal arguments give equal scores, on any thread.
///
/// This is for questions about maps; one for questions of one's own implements [OwnReward], one for both implements
/// both methods.
@FunctionalInterface
public interface RewardFunction {
    Score score(AnswerKey key, String response);

    default Score score(OwnQuestion question, String response) {
        throw new UnsupportedOperationException(getClass().getName() + " scores questions about maps only");
    }
}
