package io.railhead.reward;

import io.railhead.actors.protocol.Score;
import io.railhead.transit.answer.AnswerKey;

/// Scores one response. Pure: equal arguments give equal scores, on any thread.
@FunctionalInterface
public interface RewardFunction {
    Score score(AnswerKey key, String response);
}
