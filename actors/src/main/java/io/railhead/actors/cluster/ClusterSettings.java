package io.railhead.actors.cluster;

import com.typesafe.config.Config;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.settings.StrictConfig;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The area `railhead.cluster`: where a cluster node listens, whom it joins, and how patient it is.
public record ClusterSettings(
        String host,
        int port,
        List<String> seedNodes,
        Set<Role> roles,
        long maximumFrameSize,
        long pictureCache,
        Duration heartbeatPause,
        Duration stableAfter,
        Duration joinTimeout,
        Duration takeoverAfter,
        Duration headTimeout,
        boolean exitWhenRemoved,
        Config pekko) {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofHours(1);

    public ClusterSettings {
        seedNodes = List.copyOf(seedNodes);
        roles = Set.copyOf(roles);
        for (String seed : seedNodes) {
            if (!seed.matches("[^:/@\\s]+:[0-9]{1,5}")) {
                throw new IllegalArgumentException("seed node \"" + seed + "\" must be HOST:PORT");
            }
        }
    }

    /// @throws ConfigurationException if a key is unknown or a value wrong
    public static ClusterSettings from(Config config) {
        return StrictConfig.read(
                config,
                "railhead.cluster",
                s -> new ClusterSettings(
                        s.text("host"),
                        s.integer("port", 0, 65_535),
                        s.texts("seed-nodes"),
                        Set.copyOf(s.choices("roles", Role.class)),
                        s.bytes("maximum-frame-size", 32 << 10, 256 << 20),
                        s.bytes("picture-cache", 0, 1L << 40),
                        s.duration("heartbeat-pause", SHORT, LONG),
                        s.duration("stable-after", SHORT, LONG),
                        s.duration("join-timeout", SHORT, LONG),
                        s.duration("takeover-after", SHORT, LONG),
                        s.duration("head-timeout", SHORT, LONG),
                        s.flag("exit-when-removed"),
                        s.free("pekko")));
    }
}
