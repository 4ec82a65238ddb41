package io.railhead.transit.answer;

import java.util.Set;

/// One segment of an answer, checked.
///
/// @param line the network's name of the line that the segment means; what it says if there is none
public record SegmentCheck(Ride ride, String line, Set<SegmentFault> faults) {
    public SegmentCheck {
        faults = Set.copyOf(faults);
    }

    public boolean valid() {
        return faults.isEmpty();
    }

    public boolean lineExists() {
        return !faults.contains(SegmentFault.UNKNOWN_LINE);
    }

    public boolean bothStopsOnLine() {
        return lineExists()
                && !faults.contains(SegmentFault.DEPARTURE_NOT_ON_LINE)
                && !faults.contains(SegmentFault.ARRIVAL_NOT_ON_LINE);
    }

    /// True of the last segment, which has nothing to join.
    public boolean joined() {
        return !faults.contains(SegmentFault.NOT_JOINED);
    }
}
