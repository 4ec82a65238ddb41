package io.railhead.reward;

import io.railhead.actors.protocol.Score;
import io.railhead.transit.answer.AnswerKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A fake scoring function whose scores are not to be believed; what is no lie is worth its length.
public final class LyingFunction implements RewardFunction {
    static final Map<String, String> COMPLAINTS = Map.of(
            "nan", "a reward is finite: NaN",
            "huge", "the reward is 1.0E300",
            "heavy", "the weight is Infinity",
            "component", "component 'format' is NaN",
            "nothing", "returned no score");

    @Override
    @SuppressWarnings("NullAway") // "nothing" does what the interface forbids
    public Score score(AnswerKey key, String response) {
        return lie(response);
    }

    private static @Nullable Score lie(String response) {
        return switch (response) {
            case "nan" -> BreakableFunction.worth(Double.NaN);
            case "huge" -> BreakableFunction.worth(1e300);
            case "heavy" -> new Score(1, true, Double.POSITIVE_INFINITY, List.of());
            case "component" -> new Score(1, true, 1, List.of(new Score.Component("format", Double.NaN, "")));
            case "nothing" -> null;
            default -> BreakableFunction.worth(response.length());
        };
    }
}
