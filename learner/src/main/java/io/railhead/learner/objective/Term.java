package io.railhead.learner.objective;

/// A token's share of a loss before aggregation, and its derivative by the token's target log-probability.
record Term(double value, double slope) {}
