package io.railhead.app.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.settings.ConfigurationException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpSettingsTest {
    @Test
    void defaultsAreOnForANodeAndNextToItsPort() {
        HttpSettings defaults = HttpSettings.from(ConfigFactory.defaultReference());
        assertThat(defaults)
                .isEqualTo(new HttpSettings(
                        Optional.empty(),
                        "127.0.0.1",
                        26_520,
                        27_520,
                        Duration.ofSeconds(3),
                        64,
                        Duration.ofSeconds(15)));
        assertThat(defaults.isOnForClusterNodes()).isTrue();
        assertThat(defaults.isOnForOneJvm()).isFalse();
    }

    @Test
    void everyKeyIsRead() {
        assertThat(settings("""
                        enabled = off, host = "10.0.0.1", port = 1, health-port = 2, deadline = 1s, max-connections = 3
                        idle-timeout = 4s"""))
                .isEqualTo(new HttpSettings(
                        Optional.of(false), "10.0.0.1", 1, 2, Duration.ofSeconds(1), 3, Duration.ofSeconds(4)));
    }

    @Test
    void aFreeNodePortMeansFreePorts() {
        HttpSettings settings = HttpSettings.from(
                ConfigFactory.parseString("railhead.cluster.port = 0").withFallback(ConfigFactory.defaultReference()));
        assertThat(settings.port()).isZero();
        assertThat(settings.healthPort()).isZero();
    }

    @Test
    void anUnknownKeyFails() {
        assertThatThrownBy(() -> settings("helth-port = 1"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("railhead.http.helth-port; did you mean railhead.http.health-port?");
    }

    @Test
    void aNodePortWithoutRoomAboveItMustBeHelped() {
        Config config = ConfigFactory.parseString("railhead.cluster.port = 64000")
                .withFallback(ConfigFactory.defaultReference());
        assertThatThrownBy(() -> HttpSettings.from(config))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("railhead.http.health-port = null must be set");
    }

    private static HttpSettings settings(String section) {
        return HttpSettings.from(ConfigFactory.parseString("railhead.http {\n" + section + "\n}")
                .withFallback(ConfigFactory.defaultReference()));
    }
}
