package io.railhead.reward;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import java.time.Duration;

/// The area `railhead.reward` of the configuration. Its `reference.conf` says what each key means.
public record RewardSettings(
        RewardProfile profile, RewardWeights weights, int workers, int queue, Duration deadline, int strikes) {
    private static final double LARGEST_WEIGHT = 1000;

    public RewardSettings {
        profile.function(weights); // the profile may refuse the weights
    }

    public static RewardSettings from(Config config) {
        return StrictConfig.read(
                config,
                "railhead.reward",
                section -> new RewardSettings(
                        section.choice("profile", RewardProfile.class),
                        weights(section),
                        section.integer("workers", 1, 10_000),
                        section.integer("queue", 1, 10_000_000),
                        section.duration("deadline", Duration.ofMillis(1), Duration.ofHours(1)),
                        section.integer("strikes", 1, 1000)));
    }

    /// The scoring function that this configuration names.
    public GradingFunction function() {
        return profile.function(weights);
    }

    private static RewardWeights weights(StrictConfig section) {
        double alpha = section.number("alpha", 0, LARGEST_WEIGHT);
        return section.section(
                "difficulty",
                difficulty -> new RewardWeights(
                        alpha,
                        difficulty.number("easy", 0, LARGEST_WEIGHT),
                        difficulty.number("middle", 0, LARGEST_WEIGHT),
                        difficulty.number("hard", 0, LARGEST_WEIGHT),
                        difficulty.number("direct", 0, LARGEST_WEIGHT),
                        difficulty.number("transfer", 0, LARGEST_WEIGHT)));
    }
}
