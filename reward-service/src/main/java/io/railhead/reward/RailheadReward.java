package io.railhead.reward;

import io.railhead.actors.protocol.Score.Component;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.answer.RouteCheck;
import io.railhead.transit.answer.RouteChecker;
import java.util.List;

/// The default profile: `W_difficulty * (R_format + R_correctness + alpha * R_detail)`.
///
/// Format is worth 0.1, correctness 1, detail from 0 to 1: of a route ([PlanningDetail]), and of the stops between two
/// stations ([StopsDetail]).
///
/// Invariants: a wrong answer never scores above a right one to the same question; no answer that is strictly closer to
/// being right scores lower; the detail reward stays below the worth of correctness.
final class RailheadReward implements GradingFunction {
    static final double FORMAT = 0.1;
    static final double CORRECTNESS = 1.0;

    private static final Component BOXED = new Component("format", FORMAT, "boxed");
    private static final Component NOT_BOXED = new Component("format", 0, "no closed \\boxed{}");
    private static final Component COMPLETE =
            new Component("format", FORMAT, "every segment names line, departure and arrival");
    private static final Component INCOMPLETE =
            new Component("format", 0, "a segment without line, departure or arrival");
    private static final Component RIGHT = new Component("correctness", CORRECTNESS, Routes.RIGHT);
    private static final Component WRONG = new Component("correctness", 0, Routes.WRONG);

    private final RewardWeights weights;

    RailheadReward(RewardWeights weights) {
        if (!(FORMAT + weights.alpha() < CORRECTNESS)) {
            throw new IllegalArgumentException("alpha = " + weights.alpha()
                    + " would let a wrong answer score above a right one: it must be below " + (CORRECTNESS - FORMAT));
        }
        this.weights = weights;
    }

    @Override
    public Grade grade(AnswerKey key, String response) {
        return key.type() == QuestionType.PLANNING ? planning(key, response) : shortAnswer(key, response);
    }

    private Grade shortAnswer(AnswerKey key, String response) {
        ShortAnswerVerdict verdict = ShortAnswerVerdict.of(key, response);
        return new Grade(
                verdict.correct(),
                verdict.boxed() ? BOXED : NOT_BOXED,
                new Component("correctness", verdict.correct() ? CORRECTNESS : 0, verdict.reason()),
                key.type() == QuestionType.COUNTING1 ? StopsDetail.of(key, response) : List.of(),
                weights.alpha(),
                weights.difficulty(key));
    }

    private Grade planning(AnswerKey key, String response) {
        RouteCheck check = RouteChecker.check(key, response);
        boolean correct = check.correct();
        return new Grade(
                correct,
                check.wellFormed() ? COMPLETE : INCOMPLETE,
                correct ? RIGHT : WRONG,
                PlanningDetail.of(key, check),
                weights.alpha(),
                weights.difficulty(key));
    }
}
