package io.railhead.actors.telemetry;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;

/// The area `railhead.telemetry`.
///
/// @param eventSegmentSize bytes at which a segment of the event log is closed
/// @param compressEvents whether closed segments are compressed
/// @param eventLogLimit bytes beyond which the oldest closed segments are dropped; 0 = none is
public record TelemetrySettings(long eventSegmentSize, boolean compressEvents, long eventLogLimit) {
    /// @throws io.railhead.actors.settings.ConfigurationException if a key is unknown or a value wrong
    public static TelemetrySettings from(Config config) {
        return StrictConfig.read(
                config,
                "railhead.telemetry",
                s -> new TelemetrySettings(
                        s.bytes("event-segment-size", 4096, Integer.MAX_VALUE),
                        s.flag("compress-events"),
                        s.bytes("event-log-limit", 0, Long.MAX_VALUE)));
    }
}
