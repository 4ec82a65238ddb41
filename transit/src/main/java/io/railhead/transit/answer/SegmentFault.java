package io.railhead.transit.answer;

/// What can be wrong with one segment of an answer.
public enum SegmentFault {
    /// The network has no line of this name, so nothing can be said of the stops.
    UNKNOWN_LINE,
    DEPARTURE_NOT_ON_LINE,
    ARRIVAL_NOT_ON_LINE,
    /// The next segment does not depart where this one arrives.
    NOT_JOINED
}
