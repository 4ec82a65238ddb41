package io.railhead.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.settings.ConfigurationException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolloutSettingsTest {
    private static final RolloutSettings DEFAULTS = new RolloutSettings(
            8,
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            5,
            Optional.empty());

    @Test
    void hasDefaults() {
        assertThat(RolloutSettings.from(ConfigFactory.load())).isEqualTo(DEFAULTS);
    }

    @Test
    void readsEveryKey() {
        assertThat(RolloutSettings.from(with("""
                        queue-ahead = 1, heartbeat = 2s, drain-timeout = 3s, restart-backoff = 4s
                        max-restart-backoff = 5s, max-crashes-in-row = 6
                        """)))
                .isEqualTo(new RolloutSettings(
                        1,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        6,
                        Optional.empty()));
    }

    @Test
    void namesAnUnknownKeyAndTheNearestKnownOne() {
        assertThatThrownBy(() -> RolloutSettings.from(with("heart-beat = 2s")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("railhead.rollout.heart-beat")
                .hasMessageContaining("did you mean railhead.rollout.heartbeat?");
    }

    @Test
    void namesABadValue() {
        assertThatThrownBy(() -> RolloutSettings.from(with("queue-ahead = -1")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("railhead.rollout.queue-ahead = -1");
    }

    @Test
    void refusesAMaximumBelowTheFirstPause() {
        assertThatThrownBy(() -> RolloutSettings.from(with("restart-backoff = 10s, max-restart-backoff = 1s")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("max-restart-backoff");
    }

    @Test
    void doublesThePauseUpToTheMaximum() {
        assertThat(DEFAULTS.backoff(1)).isEqualTo(Duration.ofMillis(500));
        assertThat(DEFAULTS.backoff(3)).isEqualTo(Duration.ofSeconds(2));
        assertThat(DEFAULTS.backoff(1_000_000)).isEqualTo(Duration.ofSeconds(30));
    }

    private static Config with(String keys) {
        return ConfigFactory.parseString("railhead.rollout { " + keys + " }").withFallback(ConfigFactory.load());
    }
}
