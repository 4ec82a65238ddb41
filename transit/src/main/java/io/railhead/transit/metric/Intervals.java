package io.railhead.transit.metric;

/// How the 95 % interval of an accuracy is found.
public enum Intervals {
    /// Wilson's formula, sound near 0 and 1 and for few items.
    WILSON,
    /// Drawing the items anew, seeded; what can be compared with other bootstrap intervals.
    BOOTSTRAP
}
