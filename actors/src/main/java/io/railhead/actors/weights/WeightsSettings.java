package io.railhead.actors.weights;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import java.time.Duration;

/// The area `railhead.weights`: how many versions are kept, and when a follower lags.
public record WeightsSettings(int keepVersions, Duration lagDeadline, Duration checkInterval) {
    /// @throws io.railhead.actors.settings.ConfigurationException if a key is unknown or a value wrong
    public static WeightsSettings from(Config config) {
        Duration min = Duration.ofMillis(10);
        Duration max = Duration.ofDays(1);
        return StrictConfig.read(
                config,
                "railhead.weights",
                s -> new WeightsSettings(
                        s.integer("keep-versions", 1, 100),
                        s.duration("lag-deadline", min, max),
                        s.duration("check-interval", min, max)));
    }
}
