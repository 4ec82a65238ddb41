package io.railhead.transit;

import java.util.List;

/// A ride on one line.
///
/// @param stops how many stations further the ride ends, at least 1; so `stops - 1` are passed in between
/// @param via the stations passed in between, in order; empty if nobody asked for them
public record RouteSegment(String line, String departure, String arrival, int stops, List<String> via) {
    public RouteSegment(String line, String departure, String arrival, int stops) {
        this(line, departure, arrival, stops, List.of());
    }

    public RouteSegment {
        via = List.copyOf(via);
        if (stops < 1 || (!via.isEmpty() && via.size() != stops - 1)) {
            throw new IllegalArgumentException(
                    "a ride from %s to %s over %d stops via %s".formatted(departure, arrival, stops, via));
        }
    }
}
