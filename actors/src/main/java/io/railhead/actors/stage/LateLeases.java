package io.railhead.actors.stage;

/// What happens to a lease that newer work would overtake beyond the staleness bound.
public enum LateLeases {
    /// The train step waits for it.
    PACE,
    /// It ends as stale.
    DISCARD
}
