package io.railhead.reward;

/// The scoring functions by name.
public enum RewardProfile {
    /// The method's formula with a detail reward that pays for what was seen on the map.
    RAILHEAD,
    /// The arithmetic of the published scorer, its oddities included.
    REFERENCE,
    /// The formula and the detail algorithm as the paper prints them.
    PAPER;

    /// @throws IllegalArgumentException if the profile does not allow these weights
    public GradingFunction function(RewardWeights weights) {
        return switch (this) {
            case RAILHEAD -> new RailheadReward(weights);
            case REFERENCE -> new ReferenceReward(weights);
            case PAPER -> new PaperReward(weights);
        };
    }
}
