package io.railhead.actors.protocol;

import java.util.List;

/// A reward with its breakdown. `weight` is the difficulty weight that `reward` already contains; each component says
/// what it is, what it is worth before weighting, and why.
public record Score(double reward, boolean correct, double weight, List<Component> components) {
    /// One term of the reward: `format`, `correctness`, or a named part of the detail reward.
    public record Component(String name, double value, String reason) {}

    public Score {
        components = List.copyOf(components);
        if (!Double.isFinite(reward)) {
            throw new IllegalArgumentException("a reward is finite: " + reward);
        }
    }
}
