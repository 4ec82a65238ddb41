package io.railhead.app.status;

import com.typesafe.config.Config;
import io.railhead.actors.cluster.ClusterSettings;
import io.railhead.actors.settings.StrictConfig;
import java.time.Duration;
import java.util.Optional;

/// The area `railhead.http`: where a node says how it is, and with what limits.
///
/// @param enabled empty: on for a cluster node, off for a run in one JVM
/// @param port of everything; `0` takes a free one
/// @param healthPort of the answers to probes alone, never over TLS; `0` takes a free one
/// @param deadline for the answers that a request waits for
/// @param maxConnections to each port
/// @param idleTimeout after which a connection on which nothing moves is closed
public record HttpSettings(
        Optional<Boolean> enabled,
        String host,
        int port,
        int healthPort,
        Duration deadline,
        int maxConnections,
        Duration idleTimeout) {
    /// From a node's own port to those of HTTP, where these are not set: nodes on one machine so have ports of
    /// their own.
    static final int PORT_OFFSET = 1000;

    static final int HEALTH_PORT_OFFSET = 2000;

    private static final int LAST_PORT = 65_535;
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(1);

    /// @throws io.railhead.actors.settings.ConfigurationException if a key is unknown or a value wrong
    public static HttpSettings from(Config config) {
        ClusterSettings cluster = ClusterSettings.from(config);
        return StrictConfig.read(
                config,
                "railhead.http",
                s -> new HttpSettings(
                        s.optional("enabled", s::flag),
                        s.optional("host", s::text).orElse(cluster.host()),
                        port(s, "port", cluster.port(), PORT_OFFSET),
                        port(s, "health-port", cluster.port(), HEALTH_PORT_OFFSET),
                        s.duration("deadline", SHORT, LONG),
                        s.integer("max-connections", 1, 10_000),
                        s.duration("idle-timeout", SHORT, LONG)));
    }

    private static int port(StrictConfig section, String key, int node, int offset) {
        Optional<Integer> set = section.optional(key, name -> section.integer(name, 0, LAST_PORT));
        if (set.isPresent() || node == 0) {
            return set.orElse(0);
        }
        if (node + offset > LAST_PORT) {
            throw section.contradiction(
                    key, "must be set: railhead.cluster.port = %d + %d is no port".formatted(node, offset));
        }
        return node + offset;
    }

    public boolean isOnForClusterNodes() {
        return enabled.orElse(true);
    }

    public boolean isOnForOneJvm() {
        return enabled.orElse(false);
    }
}
