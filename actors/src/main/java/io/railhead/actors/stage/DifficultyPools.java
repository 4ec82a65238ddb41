package io.railhead.actors.stage;

import org.jspecify.annotations.Nullable;

/// How prompts are weighed by the recent share of correct responses to them: those that are nearly always right or
/// nearly always wrong teach little. Prompts that nobody answered yet, and those in between, weigh 1.
///
/// @param low below this share a prompt is hard, and weighs `hardWeight`
/// @param high above this share it is easy, and weighs `easyWeight`
public record DifficultyPools(double low, double high, double hardWeight, double easyWeight) {
    /// How much the newest group counts in a prompt's recent mean.
    static final double RECENT_STEP = 0.5;

    public DifficultyPools {
        if (!(low >= 0 && low <= high && high <= 1)) {
            throw new IllegalArgumentException("pools from " + low + " to " + high + ", not from 0 to 1 in order");
        }
        if (!(hardWeight > 0 && hardWeight <= 1 && easyWeight > 0 && easyWeight <= 1)) {
            throw new IllegalArgumentException(
                    "pool weights " + hardWeight + " and " + easyWeight + ", not above 0 and up to 1");
        }
    }

    /// @param recentMean null if the prompt was not answered yet
    double weight(@Nullable Double recentMean) {
        if (recentMean == null) {
            return 1;
        }
        return recentMean < low ? hardWeight : recentMean > high ? easyWeight : 1;
    }
}
