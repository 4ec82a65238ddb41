package io.railhead.transit;

/// A ride on one line.
///
/// @param stops how many stations further the ride ends, at least 1; so `stops - 1` are passed in between
public record RouteSegment(String line, String departure, String arrival, int stops) {
    public RouteSegment {
        if (stops < 1) {
            throw new IllegalArgumentException(
                    "a ride from %s to %s over %d stops".formatted(departure, arrival, stops));
        }
    }
}
