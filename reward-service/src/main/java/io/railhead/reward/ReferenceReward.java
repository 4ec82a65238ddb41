package io.railhead.reward;

import io.railhead.actors.protocol.Score.Component;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.answer.NetworkIndex;
import io.railhead.transit.answer.NetworkIndex.Name;
import io.railhead.transit.answer.Ride;
import io.railhead.transit.answer.RouteParser;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    private static final Component FORMAT = new Component("format", 0, "part of correctness in this profile");
    private static final Component RIGHT = new Component("correctness", ACCURACY, Routes.RIGHT);
    private static final Component WRONG = new Component("correctness", 0, Routes.WRONG);
    private static final Component ENDS = new Component("detail/endpoints", 2, "both right");

    private final RewardWeights weights;

    ReferenceReward(RewardWeights weights) {
        this.weights = weights;
    }

    @Override
    public Grade grade(AnswerKey key, String response) {
        if (key.type() != QuestionType.PLANNING) {
            ShortAnswerVerdict verdict = ShortAnswerVerdict.of(key, response);
            return grade(
                    key,
                    verdict.correct(),
                    new Component("correctness", verdict.correct() ? ACCURACY : 0, verdict.reason()),
                    List.of());
        }
        List<Ride> rides = RouteParser.ridesInAnyCase(response);
        List<Ride> labelled = labelled(rides);
        boolean correct = !labelled.isEmpty() && new Journey(key, labelled).accurate();
        return grade(
                key, correct, correct ? RIGHT : WRONG, rides.isEmpty() ? List.of() : new Journey(key, rides).detail());
    }

    private Grade grade(AnswerKey key, boolean correct, Component correctness, List<Component> details) {
        return new Grade(correct, FORMAT, correctness, details, weights.alpha(), weights.difficulty(key));
    }

    private static List<Ride> labelled(List<Ride> rides) {
        List<Ride> labelled = new ArrayList<>(rides.size());
        for (Ride ride : rides) {
            if (ride.labelled()) {
                labelled.add(ride);
            }
        }
        return labelled;
    }

    /// The rides of one response, one at least.
    private static final class Journey {
        private final AnswerKey key;
        private final NetworkIndex network;
        private final List<Ride> rides;

        Journey(AnswerKey key, List<Ride> rides) {
            this.key = key;
            this.network = key.network();
            this.rides = rides;
        }

        boolean accurate() {
            if (!endpointsRight()) {
                return false;
            }
            for (int i = 0; i < rides.size(); i++) {
                Ride ride = rides.get(i);
                if (!onLine(network.line(ride.lineMeant()), ride) || !joined(i)) {
                    return false;
                }
            }
            return true;
        }

        List<Component> detail() {
            if (!endpointsRight()) {
                return List.of();
            }
            String start = network.name(String.valueOf(key.station1())).cleaned();
            String end = network.name(String.valueOf(key.station2())).cleaned();
            int transfers = key.questionTransferCount();
            int overlong = Math.max(0, rides.size() - transfers);
            int lines = 0;
            int joints = 0;
            for (int i = 0; i < rides.size(); i++) {
                Ride ride = rides.get(i);
                NetworkIndex.Line line = network.line(ride.lineMeant());
                if (line == null) {
                    continue;
                }
                if (transfers > 0) {
                    lines += 3;
                } else if (line.servesCleaned(start) && line.servesCleaned(end)) {
                    lines += 4;
                }
                boolean last = i + 1 == rides.size();
                joints += !last && i + 1 <= transfers && joined(i) && onLine(line, ride) ? 1 : 0;
            }
            return Routes.atMost(
                    HIGHEST_DETAIL,
                    List.of(
                            ENDS,
                            new Component("detail/segments", -5 * overlong, "5 for each beyond the transfer count"),
                            new Component("detail/lines", lines, "by name"),
                            new Component("detail/transfers", joints, "1 for each that is joined on the line")));
        }

        private boolean endpointsRight() {
            return same(rides.getFirst().departureSaid(), key.station1())
                    && same(rides.getLast().arrival(), key.station2());
        }

        /// The response's stop cleaned twice, the question's once.
        private boolean same(String said, @Nullable String asked) {
            return network.name(said)
                    .key()
                    .equals(network.name(String.valueOf(asked)).cleaned());
        }

        private boolean onLine(NetworkIndex.@Nullable Line line, Ride ride) {
            return line != null
                    && line.servesCleaned(network.name(ride.departureSaid()).key())
                    && line.servesCleaned(network.name(ride.arrival()).key());
        }

        /// True of the last one, which has nothing to join.
        private boolean joined(int index) {
            if (index + 1 == rides.size()) {
                return true;
            }
            Name arrival = network.name(rides.get(index).arrival());
            return arrival.key()
                    .equals(network.name(rides.get(index + 1).departureSaid()).key());
        }
    }
}
