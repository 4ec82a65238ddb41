package io.railhead.reward;

import io.railhead.actors.protocol.Score.Component;
import io.railhead.transit.StationNames;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.answer.RouteCheck;
import io.railhead.transit.answer.SegmentCheck;
import io.railhead.transit.answer.SegmentFault;
import java.util.ArrayList;
import java.util.List;

/// The detail reward of a route, between 0 and 1: how much of what a right answer needs was read off the map.
///
/// A route is right when it starts and ends where it was asked to, its first line serves the start, its last line
/// serves the end, and each transfer is at a station of both lines. Each of these facts pays on its own, so that an
/// answer with more of them true never earns less:
/// * `endpoints` 0.2: start and end as asked. Little, since both can be copied from the question.
/// * `lines` 0.4 (0.8 without a transfer): half for a first line that serves the start, half for a last line that
///   serves the end.
/// * `transfers` 0.4: the share of the needed transfers at a station of both lines. Only those count that hang together
///   with a right first or a right last line: a true transfer elsewhere on the map says nothing of this question.
/// * `extra-segments` -0.25 for each segment beyond the question's, but not below 0 in all.
final class PlanningDetail {
    static final double ENDPOINTS = 0.2;
    static final double LINES = 0.4;
    static final double TRANSFERS = 0.4;
    static final double EXTRA_SEGMENT = 0.25;

    private PlanningDetail() {}

    static List<Component> of(AnswerKey key, RouteCheck check) {
        List<SegmentCheck> segments = check.segments();
        if (segments.isEmpty()) {
            return List.of();
        }
        int transfers = key.questionTransferCount();
        boolean firstLine = serves(key, segments.getFirst(), String.valueOf(key.station1()));
        boolean lastLine = serves(key, segments.getLast(), String.valueOf(key.station2()));
        List<Component> details = new ArrayList<>();
        details.add(new Component(
                "endpoints",
                ENDPOINTS * (half(check.departureMatches()) + half(check.arrivalMatches())),
                "start " + verdict(check.departureMatches()) + ", end " + verdict(check.arrivalMatches())));
        details.add(new Component(
                "lines",
                (transfers == 0 ? LINES + TRANSFERS : LINES) * (half(firstLine) + half(lastLine)),
                "first line " + verdict(firstLine) + ", last line " + verdict(lastLine)));
        if (transfers > 0) {
            int right = Math.min(transfers, rightTransfers(segments, firstLine, lastLine));
            details.add(new Component(
                    "transfers", TRANSFERS * right / transfers, right + " of " + transfers + " transfers right"));
        }
        int extra = Math.max(0, segments.size() - (transfers + 1));
        if (extra > 0) {
            double earned = details.stream().mapToDouble(Component::value).sum();
            details.add(new Component(
                    "extra-segments",
                    -Math.min(earned, EXTRA_SEGMENT * extra),
                    segments.size() + " segments where " + (transfers + 1) + " suffice"));
        }
        return details;
    }

    /// Transfers that continue a right first line onwards, or lead backwards from a right last line.
    private static int rightTransfers(List<SegmentCheck> segments, boolean firstLine, boolean lastLine) {
        int joints = segments.size() - 1;
        int onwards = 0;
        while (firstLine && onwards < joints && transferRight(segments, onwards)) {
            onwards++;
        }
        int backwards = 0;
        while (lastLine && onwards + backwards < joints && transferRight(segments, joints - 1 - backwards)) {
            backwards++;
        }
        return onwards + backwards;
    }

    private static boolean transferRight(List<SegmentCheck> segments, int index) {
        SegmentCheck before = segments.get(index);
        SegmentCheck after = segments.get(index + 1);
        return before.joined()
                && before.lineExists()
                && after.lineExists()
                && !before.faults().contains(SegmentFault.ARRIVAL_NOT_ON_LINE)
                && !after.faults().contains(SegmentFault.DEPARTURE_NOT_ON_LINE);
    }

    private static boolean serves(AnswerKey key, SegmentCheck segment, String station) {
        String wanted = StationNames.key(station);
        return key.lines().getOrDefault(segment.line(), List.of()).stream()
                .anyMatch(name -> StationNames.key(name).equals(wanted));
    }

    private static double half(boolean right) {
        return right ? 0.5 : 0;
    }

    private static String verdict(boolean right) {
        return right ? "right" : "wrong";
    }
}
