package io.railhead.actors.weights;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import io.railhead.actors.weights.port.PortLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The area `railhead.weights`: what is kept, when a follower lags, and how the weights port works.
public record WeightsSettings(int keepVersions, Duration lagDeadline, Duration checkInterval, Port port) {
    private static final Duration SHORT = Duration.ofMillis(10);
    private static final Duration LONG = Duration.ofDays(1);
    private static final String NONE = "none"; // no key file

    /// @param number 0 takes any free port
    /// @param keepDeltas how many a node keeps, and so how many versions a follower may be behind and catch up by
    ///     deltas
    /// @param fanOut how many nodes fetch from each node
    /// @param signingKey with which the publisher signs
    /// @param verificationKey with which followers verify; without it, unsigned manifests are believed
    public record Port(
            int number,
            int keepDeltas,
            int fanOut,
            PortLimits limits,
            Optional<Path> signingKey,
            Optional<Path> verificationKey) {}

    /// @throws io.railhead.actors.settings.ConfigurationException if a key is unknown or a value wrong
    public static WeightsSettings from(Config config) {
        return StrictConfig.read(
                config,
                "railhead.weights",
                s -> new WeightsSettings(
                        s.integer("keep-versions", 1, 100),
                        s.duration("lag-deadline", SHORT, LONG),
                        s.duration("check-interval", SHORT, LONG),
                        port(s)));
    }

    private static Port port(StrictConfig s) {
        Duration idle = s.duration("idle-deadline", Duration.ofMillis(100), LONG);
        return new Port(
                s.integer("port", 0, 65_535),
                s.integer("keep-deltas", 0, 1000),
                s.integer("fan-out", 1, 64),
                new PortLimits(
                        s.integer("maximum-connections", 1, 10_000),
                        idle,
                        idle.dividedBy(4),
                        s.duration("transfer-deadline", SHORT, LONG)),
                path(s.text("signing-key")),
                path(s.text("verification-key")));
    }

    private static Optional<Path> path(String text) {
        return text.equals(NONE) ? Optional.empty() : Optional.of(Path.of(text));
    }
}
