package io.railhead.transit.answer;

import io.railhead.transit.StationNames;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Checks a planning answer by the published rule: it starts and ends where it was asked to, each line exists, each
/// segment's stops are on its line, and each segment departs where the one before arrived.
///
/// As published, direction, order along the line, detours and the number of segments are not looked at.
public final class RouteChecker {
    private RouteChecker() {}

    public static RouteCheck check(AnswerKey key, PlanningAnswer answer) {
        List<AnswerSegment> segments = answer.segments();
        if (segments.isEmpty()) {
            return new RouteCheck(false, false, List.of());
        }
        var checks = new ArrayList<SegmentCheck>();
        var stationKeys = new HashMap<String, Set<String>>(); // each line once, however long the answer
        for (int i = 0; i < segments.size(); i++) {
            boolean joined = i + 1 == segments.size()
                    || StationNames.clean(segments.get(i).arrival())
                            .equals(StationNames.clean(segments.get(i + 1).departure()));
            checks.add(checkSegment(key.lines(), stationKeys, segments.get(i), joined));
        }
        return new RouteCheck(
                same(segments.getFirst().departure(), key.station1()),
                same(segments.getLast().arrival(), key.station2()),
                checks);
    }

    private static SegmentCheck checkSegment(
            Map<String, List<String>> lines,
            Map<String, Set<String>> stationKeys,
            AnswerSegment segment,
            boolean joined) {
        var faults = EnumSet.noneOf(SegmentFault.class);
        if (!joined) {
            faults.add(SegmentFault.NOT_JOINED);
        }
        String line = lineMeant(segment.line());
        List<String> stations = lines.get(line);
        if (stations == null) {
            faults.add(SegmentFault.UNKNOWN_LINE);
            return new SegmentCheck(segment, line, faults);
        }
        Set<String> keys = stationKeys.computeIfAbsent(
                line, _ -> stations.stream().map(StationNames::key).collect(Collectors.toSet()));
        if (!keys.contains(StationNames.clean(segment.departure()))) {
            faults.add(SegmentFault.DEPARTURE_NOT_ON_LINE);
        }
        if (!keys.contains(StationNames.clean(segment.arrival()))) {
            faults.add(SegmentFault.ARRIVAL_NOT_ON_LINE);
        }
        return new SegmentCheck(segment, line, faults);
    }

    /// Names are compared as they are, but for two lines of Beijing that its station file holds as parts of others.
    private static String lineMeant(String name) {
        if (name.contains("八通")) {
            return "Line 1";
        }
        return name.contains("大兴") ? "Line 4" : name;
    }

    /// @param stop a stop of the answer, cleaned once by the parser
    private static boolean same(String stop, @Nullable String station) {
        return station != null && StationNames.clean(stop).equals(StationNames.key(station));
    }
}
