package io.railhead.reward;

import io.railhead.actors.protocol.Score.Component;
import io.railhead.transit.QuestionType;
import io.railhead.transit.StationNames;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.answer.AnswerParser;
import io.railhead.transit.answer.PlanningAnswer;
import io.railhead.transit.answer.RouteCheck;
import io.railhead.transit.answer.RouteChecker;
import io.railhead.transit.answer.SegmentCheck;
import java.util.ArrayList;
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
        PlanningAnswer answer = AnswerParser.planning(response);
        RouteCheck check = RouteChecker.check(key, answer);
        return grade(
                key,
                answer.wellFormed(),
                check.correct(),
                check.correct() ? "the route leads there" : "the route does not lead there",
                answer.wellFormed() ? detail(key, check) : List.of());
    }

    private Grade grade(AnswerKey key, boolean formed, boolean correct, String reason, List<Component> details) {
        return new Grade(
                correct,
                new Component("format", formed ? FORMAT : 0, formed ? "as asked" : "not as asked"),
                new Component("correctness", correct ? CORRECTNESS : 0, reason),
                details,
                weights.alpha(),
                weights.difficulty(key));
    }

    private static List<Component> detail(AnswerKey key, RouteCheck check) {
        List<SegmentCheck> segments = check.segments();
        boolean endpoint = check.departureMatches() || check.arrivalMatches();
        boolean firstLine = serves(key, segments.getFirst().line(), String.valueOf(key.station1()));
        int extra = Math.max(0, segments.size() - 1 - key.questionTransferCount());
        long joints = segments.subList(0, segments.size() - 1).stream()
                .filter(segment -> segment.bothStopsOnLine() && segment.joined())
                .count();
        List<Component> details = new ArrayList<>(List.of(
                new Component("endpoints", endpoint ? 2 : 0, endpoint ? "one is right" : "none is right"),
                new Component("lines", firstLine ? 4 : 0, "first line " + (firstLine ? "right" : "wrong")),
                new Component("segments", -5.0 * extra, extra + " transfers too many"),
                new Component("transfers", joints, joints + " joined on the line")));
        double sum = details.stream().mapToDouble(Component::value).sum();
        if (sum > HIGHEST_DETAIL) {
            details.add(new Component("bound", HIGHEST_DETAIL - sum, "at most 10"));
        }
        return details;
    }

    private static boolean serves(AnswerKey key, String line, String station) {
        String wanted = StationNames.key(station);
        return key.lines().getOrDefault(line, List.of()).stream()
                .anyMatch(name -> StationNames.key(name).equals(wanted));
    }
}
