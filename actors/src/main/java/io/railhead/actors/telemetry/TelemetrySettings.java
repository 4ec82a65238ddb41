package io.railhead.actors.telemetry;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;

/// The area `railhead.telemetry`.
public record TelemetrySettings(long eventSegmentSize) {
    /// @throws io.railhead.actors.settings.ConfigurationException if a key is unknown or a value wrong
    public static TelemetrySettings from(Config config) {
        return StrictConfig.read(
                config,
                "railhead.telemetry",
                s -> new TelemetrySettings(s.bytes("event-segment-size", 4096, Integer.MAX_VALUE)));
    }
}
