package io.railhead.reward;

import io.railhead.actors.protocol.Score.Component;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.answer.AnswerParser;
import io.railhead.transit.answer.PlanningAnswer;
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
        Component format = new Component(
                "format", verdict.boxed() ? FORMAT : 0, verdict.boxed() ? "boxed" : "no closed \\boxed{}");
        List<Component> details = key.type() == QuestionType.COUNTING1 ? StopsDetail.of(key, response) : List.of();
        return grade(key, verdict.correct(), verdict.reason(), format, details);
    }

    private Grade planning(AnswerKey key, String response) {
        PlanningAnswer answer = AnswerParser.planning(response);
        RouteCheck check = RouteChecker.check(key, answer);
        Component format = new Component(
                "format",
                answer.wellFormed() ? FORMAT : 0,
                answer.wellFormed()
                        ? "every segment names line, departure and arrival"
                        : "a segment without line, departure or arrival");
        return grade(
                key,
                check.correct(),
                check.correct() ? "the route leads there" : "the route does not lead there",
                format,
                PlanningDetail.of(key, check));
    }

    private Grade grade(AnswerKey key, boolean correct, String reason, Component format, List<Component> details) {
        return new Grade(
                correct,
                format,
                new Component("correctness", correct ? CORRECTNESS : 0, reason),
                details,
                weights.alpha(),
                weights.difficulty(key));
    }
}
