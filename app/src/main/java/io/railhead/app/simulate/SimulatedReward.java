package io.railhead.app.simulate;

import io.railhead.actors.protocol.Score;
import io.railhead.reward.RewardFunction;
import io.railhead.transit.answer.AnswerKey;
import java.util.List;

/// Believes what a simulated response says of itself.
final class SimulatedReward implements RewardFunction {
    static final String CORRECT = "correct";
    static final String WRONG = "wrong";

    private static final Score RIGHT = score(1);
    private static final Score FALSE = score(0);

    @Override
    public Score score(AnswerKey key, String response) {
        return response.equals(CORRECT) ? RIGHT : FALSE;
    }

    private static Score score(double value) {
        return new Score(value, value > 0, 1, List.of(new Score.Component("correctness", value, "simulated")));
    }
}
