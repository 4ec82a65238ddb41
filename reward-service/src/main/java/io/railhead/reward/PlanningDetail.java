package io.railhead.reward;

import io.railhead.actors.protocol.Score.Component;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.answer.NetworkIndex;
import io.railhead.transit.answer.RouteCheck;
import io.railhead.transit.answer.SegmentCheck;
import io.railhead.transit.answer.SegmentFault;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    private static final int KEPT = 8; // transfers; parts for more are made when they are needed
    private static final Component[] ENDPOINT_PARTS = halves("endpoints", "start", "end", ENDPOINTS);
    private static final Component[] LINE_PARTS = halves("lines", "first line", "last line", LINES);
    private static final Component[] DIRECT_LINE_PARTS = halves("lines", "first line", "last line", LINES + TRANSFERS);
    private static final Component[][] TRANSFER_PARTS = transferParts();

    private PlanningDetail() {}

    static List<Component> of(AnswerKey key, RouteCheck check) {
        List<SegmentCheck> segments = check.segments();
        if (segments.isEmpty()) {
            return List.of();
        }
        int transfers = key.questionTransferCount();
        boolean firstLine = serves(key, segments.getFirst(), key.station1());
        boolean lastLine = serves(key, segments.getLast(), key.station2());
        Component endpoints = ENDPOINT_PARTS[which(check.departureMatches(), check.arrivalMatches())];
        Component lines = (transfers == 0 ? DIRECT_LINE_PARTS : LINE_PARTS)[which(firstLine, lastLine)];
        List<Component> parts = transfers == 0
                ? List.of(endpoints, lines)
                : List.of(
                        endpoints,
                        lines,
                        transferPart(transfers, Math.min(transfers, rightTransfers(segments, firstLine, lastLine))));
        int extra = Math.max(0, segments.size() - (transfers + 1));
        return extra == 0 ? parts : shortened(parts, extra, segments.size());
    }

    private static List<Component> shortened(List<Component> parts, int extra, int segments) {
        Component[] all = parts.toArray(new Component[parts.size() + 1]);
        all[parts.size()] = new Component(
                "detail/extra-segments",
                -Math.min(Grade.sum(parts), EXTRA_SEGMENT * extra),
                segments + " segments where " + (segments - extra) + " suffice");
        return List.of(all);
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

    static boolean serves(AnswerKey key, SegmentCheck segment, @Nullable String station) {
        NetworkIndex.Line line = key.network().line(segment.line());
        return line != null
                && station != null
                && line.serves(key.network().name(station).key());
    }

    private static int which(boolean first, boolean second) {
        return (first ? 1 : 0) + (second ? 2 : 0);
    }

    private static Component[] halves(String name, String first, String second, double worth) {
        Component[] parts = new Component[4];
        for (int i = 0; i < parts.length; i++) {
            boolean firstRight = (i & 1) != 0;
            boolean secondRight = (i & 2) != 0;
            parts[i] = new Component(
                    "detail/" + name,
                    worth * ((firstRight ? 0.5 : 0) + (secondRight ? 0.5 : 0)),
                    first + " " + verdict(firstRight) + ", " + second + " " + verdict(secondRight));
        }
        return parts;
    }

    private static Component[][] transferParts() {
        Component[][] parts = new Component[KEPT + 1][];
        for (int transfers = 1; transfers <= KEPT; transfers++) {
            parts[transfers] = new Component[transfers + 1];
            for (int right = 0; right <= transfers; right++) {
                parts[transfers][right] = newTransferPart(transfers, right);
            }
        }
        return parts;
    }

    private static Component transferPart(int transfers, int right) {
        return transfers <= KEPT ? TRANSFER_PARTS[transfers][right] : newTransferPart(transfers, right);
    }

    private static Component newTransferPart(int transfers, int right) {
        return new Component(
                "detail/transfers", TRANSFERS * right / transfers, right + " of " + transfers + " transfers right");
    }

    private static String verdict(boolean right) {
        return right ? "right" : "wrong";
    }
}
