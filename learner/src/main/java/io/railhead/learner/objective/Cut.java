package io.railhead.learner.objective;

/// Which bound of an objective, if any, was at work on a token.
public enum Cut {
    NONE,
    /// The bound on how much likelier a token may become.
    HIGH,
    /// The bound on how much less likely a token may become.
    LOW,
    /// The dual clip: a bound on the loss of a token that became likelier although its advantage is negative.
    DUAL
}
