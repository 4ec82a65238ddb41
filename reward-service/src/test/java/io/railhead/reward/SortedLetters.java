package io.railhead.reward;

import io.railhead.actors.protocol.Score;
import java.util.List;

/// A function of a user's for questions of their own, by name.
public final class SortedLetters implements OwnReward {
    @Override
    public Score score(OwnQuestion question, String response) {
        boolean right = response.equals(question.answerText());
        return new Score(right ? 3 : 0, right, 1, List.of());
    }
}
