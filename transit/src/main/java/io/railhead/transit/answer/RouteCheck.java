package io.railhead.transit.answer;

import java.util.List;

/// The verdict on a planning answer and what it is made of.
///
/// @param departureMatches whether the first segment departs where the question starts
/// @param arrivalMatches whether the last segment arrives where the question ends
/// @param wellFormed whether there is a segment at all, and each gives all three fields in the form that was asked for
public record RouteCheck(
        boolean departureMatches, boolean arrivalMatches, boolean wellFormed, List<SegmentCheck> segments) {
    public RouteCheck {
        segments = List.copyOf(segments);
    }

    public boolean correct() {
        if (!departureMatches || !arrivalMatches) {
            return false;
        }
        for (SegmentCheck segment : segments) {
            if (!segment.valid()) {
                return false;
            }
        }
        return true;
    }
}
