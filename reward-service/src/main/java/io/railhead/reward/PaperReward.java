package io.railhead.reward;

import io.railhead.actors.protocol.Score.Component;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.answer.RouteCheck;
import io.railhead.transit.answer.RouteChecker;
import io.railhead.transit.answer.SegmentCheck;
import java.util.List;

/// The reward as the paper prints it: RewardMap, <https://arxiv.org/abs/2510.02240>, section 4.2 and algorithm 1.
///
/// The paper gives no number for format and correctness. Correctness is 10 here, as in the published scorer; format is
/// 1. Where the algorithm leaves room: a line is right if it serves the question's first station; stops are "in the
/// stations" if both are on the segment's line.
final class PaperReward implements GradingFunction {
    private static final double FORMAT = 1;
    private static final double CORRECTNESS = 10;
    private static final double HIGHEST_DETAIL = 10;

    private static final Component FORMED = new Component("format", FORMAT, "as asked");
    private static final Component NOT_FORMED = new Component("format", 0, "not as asked");
    private static final Component ONE_END = new Component("detail/endpoints", 2, "one is right");
    private static final Component NO_END = new Component("detail/endpoints", 0, "none is right");
    private static final Component FIRST_LINE = new Component("detail/lines", 4, "first line right");
    private static final Component NO_FIRST_LINE = new Component("detail/lines", 0, "first line wrong");

    private final RewardWeights weights;

    PaperReward(RewardWeights weights) {
        this.weights = weights;
    }

    @Override
    public Grade grade(AnswerKey key, String response) {
        if (key.type() != QuestionType.PLANNING) {
            ShortAnswerVerdict verdict = ShortAnswerVerdict.of(key, response);
            return grade(key, verdict.boxed(), verdict.correct(), verdict.reason(), List.of());
        }
        RouteCheck check = RouteChecker.check(key, response);
        boolean correct = check.correct();
        return grade(
                key,
                check.wellFormed(),
                correct,
                correct ? Routes.RIGHT : Routes.WRONG,
                check.wellFormed() ? detail(key, check) : List.of());
    }

    private Grade grade(AnswerKey key, boolean formed, boolean correct, String reason, List<Component> details) {
        return new Grade(
                correct,
                formed ? FORMED : NOT_FORMED,
                new Component("correctness", correct ? CORRECTNESS : 0, reason),
                details,
                weights.alpha(),
                weights.difficulty(key));
    }

    private static List<Component> detail(AnswerKey key, RouteCheck check) {
        List<SegmentCheck> segments = check.segments();
        boolean endpoint = check.departureMatches() || check.arrivalMatches();
        boolean firstLine = PlanningDetail.serves(key, segments.getFirst(), key.station1());
        int extra = Math.max(0, segments.size() - 1 - key.questionTransferCount());
        int joints = 0;
        for (int i = 0; i + 1 < segments.size(); i++) {
            joints += segments.get(i).bothStopsOnLine() && segments.get(i).joined() ? 1 : 0;
        }
        return Routes.atMost(
                HIGHEST_DETAIL,
                List.of(
                        endpoint ? ONE_END : NO_END,
                        firstLine ? FIRST_LINE : NO_FIRST_LINE,
                        new Component("detail/segments", -5 * extra, "5 for each transfer too many"),
                        new Component("detail/transfers", joints, "1 for each that is joined on the line")));
    }
}
