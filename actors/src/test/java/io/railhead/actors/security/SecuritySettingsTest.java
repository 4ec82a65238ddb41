package io.railhead.actors.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.settings.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SecuritySettingsTest {
    @Test
    void defaultsStandInTheReference() {
        assertThat(SecuritySettings.from(ConfigFactory.load()))
                .isEqualTo(new SecuritySettings(
                        false,
                        new CredentialFiles(
                                Path.of("tls/certificate.pem"), Path.of("tls/key.pem"), Path.of("tls/ca.pem")),
                        Duration.ofMinutes(1),
                        true));
    }

    @Test
    void everyKeyIsMapped() {
        assertThat(SecuritySettings.from(ConfigFactory.parseString("""
                        railhead.security {
                          tls = on, directory = /etc/railhead, certificate = tls.crt, key = tls.key, ca = /etc/ca.crt
                          rotation-interval = 5s, verify-hosts = off
                        }
                        """)))
                .isEqualTo(new SecuritySettings(
                        true,
                        new CredentialFiles(
                                Path.of("/etc/railhead/tls.crt"),
                                Path.of("/etc/railhead/tls.key"),
                                Path.of("/etc/ca.crt")),
                        Duration.ofSeconds(5),
                        false));
    }

    @Test
    void unknownKeyIsRefused() {
        assertThatThrownBy(() -> SecuritySettings.from(
                        ConfigFactory.parseString("railhead.security.tsl = on").withFallback(ConfigFactory.load())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("unknown key railhead.security.tsl; did you mean railhead.security.tls?");
    }
}
