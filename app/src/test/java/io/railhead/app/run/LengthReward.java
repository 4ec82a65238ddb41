package io.railhead.app.run;

import io.railhead.actors.protocol.Score;
import io.railhead.reward.RewardFunction;
import io.railhead.transit.answer.AnswerKey;
import java.util.List;

/// Pays for every character: rewards that differ, even from a policy with random weights.
final class LengthReward implements RewardFunction {
    @Override
    public Score score(AnswerKey key, String response) {
        double reward = response.length() / 10.0;
        return new Score(reward, response.length() % 2 == 0, 1, List.of(new Score.Component("length", reward, "")));
    }
}
