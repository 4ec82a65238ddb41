package io.railhead.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.settings.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterSettingsTest {
    @Test
    void defaultsStandInTheReference() {
        assertThat(ClusterSettings.from(ConfigFactory.load()))
                .isEqualTo(new ClusterSettings(
                        "127.0.0.1",
                        25_520,
                        List.of(),
                        Set.of(),
                        4 << 20,
                        256 << 20,
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(6),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(5),
                        true,
                        ConfigFactory.empty()));
    }

    @Test
    void everyKeyIsMapped() {
        Config config = ConfigFactory.parseString("""
                railhead.cluster {
                  host = node-1, port = 0, seed-nodes = ["a:1", "b:2"], roles = [learner, controller]
                  maximum-frame-size = 1 MiB, picture-cache = 2 MiB, heartbeat-pause = 1s, stable-after = 2s, join-timeout = 3s
                  takeover-after = 4s, head-timeout = 5s
                  exit-when-removed = false, pekko { remote.artery.transport = tls-tcp }
                }
                """);
        assertThat(ClusterSettings.from(config))
                .isEqualTo(new ClusterSettings(
                        "node-1",
                        0,
                        List.of("a:1", "b:2"),
                        Set.of(Role.LEARNER, Role.CONTROLLER),
                        1 << 20,
                        2 << 20,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        false,
                        ConfigFactory.parseString("remote.artery.transport = tls-tcp")));
    }

    @Test
    void unknownKeyAndBadSeedAreRefused() {
        assertThatThrownBy(() -> ClusterSettings.from(
                        ConfigFactory.parseString("railhead.cluster.hots = x").withFallback(ConfigFactory.load())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("unknown key railhead.cluster.hots; did you mean railhead.cluster.host?");
        assertThatThrownBy(() -> ClusterSettings.from(ConfigFactory.parseString("railhead.cluster.seed-nodes = [here]")
                        .withFallback(ConfigFactory.load())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("railhead.cluster: seed node \"here\" must be HOST:PORT");
    }
}
