package io.railhead.app.run;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import io.railhead.policy.djl.EngineLimits;

/// Which model, and what its engines reserve (`railhead.policy`).
public record PolicySettings(String model, EngineLimits limits, boolean visionFrozen) {
    public static final String EMBEDDED = "embedded";

    public static PolicySettings from(Config config) {
        return StrictConfig.read(
                config,
                "railhead.policy",
                section -> new PolicySettings(
                        section.text("model"),
                        new EngineLimits(
                                section.integer("slots", 1, 1 << 16),
                                section.integer("slot-tokens", 2, 1 << 20),
                                section.integer("prefill-tokens", 1, 1 << 24)),
                        section.flag("vision-frozen")));
    }
}
