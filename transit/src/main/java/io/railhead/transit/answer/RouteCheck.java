package io.railhead.transit.answer;

import java.util.List;

/// The verdict on a planning answer and what it is made of.
///
/// @param departureMatches whether the first segment departs where the question starts
/// @param arrivalMatches whether the last segment arrives where the question ends
public record RouteCheck(boolean departureMatches, boolean arrivalMatches, List<SegmentCheck> segments) {
    public RouteCheck {
        segments = List.copyOf(segments);
    }

    public boolean correct() {
        return departureMatches && arrivalMatches && segments.stream().allMatch(SegmentCheck::valid);
    }
}
