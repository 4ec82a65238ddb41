package io.railhead.actors.protocol;

/// A trajectory: what is trained on.
public record ScoredRollout(Rollout rollout, Score score) implements WireMessage {}
