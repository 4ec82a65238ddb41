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

    /// The route in the form that planning questions ask for.
    public String text() {
        return segments.stream()
                .map(s -> "Route Name: %s\nDeparture Stop: %s\nArrival Stop: %s"
                        .formatted(s.line(), s.departure(), s.arrival()))
                .collect(Collectors.joining("\n--\n"));
    }
}
