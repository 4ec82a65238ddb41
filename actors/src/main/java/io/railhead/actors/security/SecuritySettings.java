package io.railhead.actors.security;

import com.typesafe.config.Config;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.settings.StrictConfig;
import java.nio.file.Path;
import java.time.Duration;

/// The area `railhead.security`. Its `reference.conf` says what each key means.
public record SecuritySettings(boolean tls, CredentialFiles files, Duration rotationInterval, boolean verifyHosts) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    /// Reads no file.
    ///
    /// @throws ConfigurationException if a key is unknown or a value wrong
    public static SecuritySettings from(Config config) {
        return StrictConfig.read(config, "railhead.security", s -> {
            Path directory = Path.of(s.text("directory"));
            return new SecuritySettings(
                    s.flag("tls"),
                    new CredentialFiles(
                            directory.resolve(s.text("certificate")),
                            directory.resolve(s.text("key")),
                            directory.resolve(s.text("ca"))),
                    s.duration("rotation-interval", SHORTEST, LONGEST),
                    s.flag("verify-hosts"));
        });
    }
}
