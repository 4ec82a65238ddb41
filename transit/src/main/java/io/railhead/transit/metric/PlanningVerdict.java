package io.railhead.transit.metric;

/// What an answer to a planning question is worth: whether it is right, and the map score, 0 to 20 in the short form
/// and
/// 0 to 40 in the long ones.
public record PlanningVerdict(boolean correct, double mapScore) {}
