package io.railhead.transit;

import java.util.List;
import java.util.stream.Collectors;

/// Rides that follow one another: each begins where the one before it ended.
public record Route(List<RouteSegment> segments) {
    public Route {
        segments = List.copyOf(segments);
        if (segments.isEmpty()) {
            throw new IllegalArgumentException("a route has a segment");
        }
        for (int i = 1; i < segments.size(); i++) {
            if (!segments.get(i).departure().equals(segments.get(i - 1).arrival())) {
                throw new IllegalArgumentException("the route breaks before segment " + i + ": " + segments);
            }
        }
    }

    public int transfers() {
        return segments.size() - 1;
    }

    public int stops() {
        return segments.stream().mapToInt(RouteSegment::stops).sum();
    }

    /// The route as a short planning question wants it.
    public String text() {
        return text(PlanningForm.SHORT);
    }

    public String text(PlanningForm form) {
        return segments.stream().map(segment -> text(segment, form)).collect(Collectors.joining("\n--\n"));
    }

    private static String text(RouteSegment segment, PlanningForm form) {
        String ride = "Route Name: %s\nDeparture Stop: %s\nArrival Stop: %s"
                .formatted(segment.line(), segment.departure(), segment.arrival());
        return switch (form) {
            case SHORT -> ride;
            case VIA_COUNT -> ride + "\n" + PlanningForm.COUNT_LABEL + " " + (segment.stops() - 1);
            case VIA_STOPS -> ride + "\n" + PlanningForm.STOPS_LABEL + " " + String.join(", ", segment.via());
        };
    }
}
