package io.railhead.reward;

import io.railhead.actors.protocol.Score.Component;
import io.railhead.transit.QuestionType;
import io.railhead.transit.StationNames;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.answer.AnswerParser;
import io.railhead.transit.answer.AnswerSegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The published scorer's arithmetic, for comparison with published runs. Its oddities are kept on purpose:
///
/// * accuracy and format are one term, 10; there is no reward for form alone;
/// * each segment with index + 1 above the transfer count costs 5, so that every right answer pays once, and detail has
///   a bound above (10) but none below;
/// * nothing but both endpoints right opens the detail reward; with a transfer, any existing line name pays 3;
/// * labels count in any case for detail, in their exact case for accuracy;
/// * the policy's stops are cleaned twice, the network's once, which makes names that still end in 站 unsolvable.
///
/// `docs/scoring.md` has them all, numbered. Where the published scorer ends with an error (a response that ends in
/// `\sqrt`), the answer is wrong here.
final class ReferenceReward implements GradingFunction {
    private static final double ACCURACY = 10;
    private static final double HIGHEST_DETAIL = 10;

    private final RewardWeights weights;

    ReferenceReward(RewardWeights weights) {
        this.weights = weights;
    }

    @Override
    public Grade grade(AnswerKey key, String response) {
        if (key.type() != QuestionType.PLANNING) {
            ShortAnswerVerdict verdict = ShortAnswerVerdict.of(key, response);
            return grade(key, verdict.correct(), verdict.reason(), List.of());
        }
        Network network = new Network(key);
        boolean correct = network.accurate(AnswerParser.planning(response).segments());
        return grade(
                key,
                correct,
                correct ? "the route leads there" : "the route does not lead there",
                network.detail(AnswerParser.planningInAnyCase(response).segments()));
    }

    private Grade grade(AnswerKey key, boolean correct, String reason, List<Component> details) {
        return new Grade(
                correct,
                new Component("format", 0, "part of correctness in this profile"),
                new Component("correctness", correct ? ACCURACY : 0, reason),
                details,
                weights.alpha(),
                weights.difficulty(key));
    }

    /// The lines of one question with their names cleaned once. Made for one response.
    private static final class Network {
        private final AnswerKey key;
        private final String start;
        private final String end;
        private final Map<String, Set<String>> cleaned = new HashMap<>();

        Network(AnswerKey key) {
            this.key = key;
            this.start = StationNames.clean(String.valueOf(key.station1()));
            this.end = StationNames.clean(String.valueOf(key.station2()));
        }

        boolean accurate(List<AnswerSegment> segments) {
            if (segments.isEmpty() || !endpointsRight(segments)) {
                return false;
            }
            for (int i = 0; i < segments.size(); i++) {
                AnswerSegment segment = segments.get(i);
                if (!onLine(segment) || (i + 1 < segments.size() && !joined(segments, i))) {
                    return false;
                }
            }
            return true;
        }

        List<Component> detail(List<AnswerSegment> segments) {
            if (segments.isEmpty() || !endpointsRight(segments)) {
                return List.of();
            }
            int transfers = key.questionTransferCount();
            int overlong = 0;
            int lines = 0;
            int joints = 0;
            for (int i = 0; i < segments.size(); i++) {
                AnswerSegment segment = segments.get(i);
                boolean over = i + 1 > transfers;
                overlong += over ? 1 : 0;
                String line = lineMeant(segment.line());
                if (!key.lines().containsKey(line)) {
                    continue;
                }
                if (transfers > 0) {
                    lines += 3;
                } else if (stations(line).contains(start) && stations(line).contains(end)) {
                    lines += 4;
                }
                joints += onLine(segment) && i + 1 < segments.size() && joined(segments, i) && !over ? 1 : 0;
            }
            List<Component> details = new ArrayList<>(List.of(
                    new Component("endpoints", 2, "both right"),
                    new Component("segments", -5.0 * overlong, overlong + " segments at or beyond " + (transfers + 1)),
                    new Component("lines", lines, "by name"),
                    new Component("transfers", joints, "joined on the line")));
            double sum = 2 - 5.0 * overlong + lines + joints;
            if (sum > HIGHEST_DETAIL) {
                details.add(new Component("bound", HIGHEST_DETAIL - sum, "at most 10"));
            }
            return details;
        }

        private boolean endpointsRight(List<AnswerSegment> segments) {
            return StationNames.clean(segments.getFirst().departure()).equals(start)
                    && StationNames.clean(segments.getLast().arrival()).equals(end);
        }

        private boolean onLine(AnswerSegment segment) {
            Set<String> stations = stations(lineMeant(segment.line()));
            return stations.contains(StationNames.clean(segment.departure()))
                    && stations.contains(StationNames.clean(segment.arrival()));
        }

        private Set<String> stations(String line) {
            List<String> names = key.lines().get(line);
            return names == null
                    ? Set.of()
                    : cleaned.computeIfAbsent(
                            line, _ -> names.stream().map(StationNames::clean).collect(Collectors.toSet()));
        }

        private static boolean joined(List<AnswerSegment> segments, int index) {
            return StationNames.clean(segments.get(index).arrival())
                    .equals(StationNames.clean(segments.get(index + 1).departure()));
        }

        private static String lineMeant(String name) {
            if (name.contains("八通")) {
                return "Line 1";
            }
            return name.contains("大兴") ? "Line 4" : name;
        }
    }
}
