package io.railhead.reward;

import io.railhead.actors.protocol.Score;
import io.railhead.transit.answer.AnswerKey;
import org.jspecify.annotations.Nullable;

/// A scoring function that is not believed everything: a score that is no number, or larger than any score should be,
/// is a failure and not a reward. One such score would be in the advantages of its whole group.
///
/// @param largest the largest amount that a reward, its weight or one of its components may have
record CheckedReward(RewardFunction function, double largest) implements RewardFunction {
    @Override
    public Score score(AnswerKey key, String response) {
        return checked(function.score(key, response));
    }

    @Override
    public Score score(OwnQuestion question, String response) {
        return checked(function.score(question, response));
    }

    private Score checked(@Nullable Score score) {
        if (score == null) { // a function of somebody else's need not keep to the annotations
            throw new IllegalStateException("the scoring function returned no score");
        }
        check("the reward", score.reward());
        check("the weight", score.weight());
        for (Score.Component component : score.components()) {
            check("component '" + component.name() + "'", component.value());
        }
        return score;
    }

    private void check(String what, double value) {
        if (!(Math.abs(value) <= largest)) {
            throw new IllegalStateException(what + " is " + value + ", not a number within " + largest);
        }
    }
}
