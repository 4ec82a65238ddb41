package io.railhead.reward.service;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The area `railhead.reward-service` of the configuration. Its `reference.conf` says what each key means.
///
/// @param maxBody bytes of a request
/// @param maxItems of a request
/// @param maxRequests being scored at once
/// @param deadline for scoring one request
/// @param shutdown how long requests in hand may take after a stop
public record ServiceSettings(
        String host,
        int port,
        Optional<Integer> grpcPort,
        int maxBody,
        int maxItems,
        int maxRequests,
        Duration deadline,
        Duration shutdown,
        Optional<String> token,
        Optional<Tls> tls) {
    private static final int LAST_PORT = 65_535;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    /// Files in PEM form.
    ///
    /// @param certificate the server's, with its chain
    /// @param key the server's private key, PKCS#8 without a password
    /// @param clientCa if given, clients must show a certificate that one of these signed
    public record Tls(Path certificate, Path key, Optional<Path> clientCa) {}

    /// @throws io.railhead.actors.settings.ConfigurationException if a key is unknown or a value not usable
    public static ServiceSettings from(Config config) {
        return StrictConfig.read(
                config,
                "railhead.reward-service",
                section -> new ServiceSettings(
                        section.text("host"),
                        section.integer("port", 0, LAST_PORT),
                        section.optional("grpc-port", key -> section.integer(key, 0, LAST_PORT)),
                        (int) section.bytes("max-body", 1, 1 << 30),
                        section.integer("max-items", 1, 1_000_000),
                        section.integer("max-requests", 1, 10_000),
                        section.duration("deadline", SHORTEST, LONGEST),
                        section.duration("shutdown", SHORTEST, LONGEST),
                        section.optional("token", section::text),
                        section.section("tls", ServiceSettings::tls)));
    }

    private static Optional<Tls> tls(StrictConfig section) {
        Optional<String> certificate = section.optional("certificate", section::text);
        Optional<String> key = section.optional("key", section::text);
        Optional<String> clientCa = section.optional("client-ca", section::text);
        if (certificate.isPresent() != key.isPresent()) {
            throw section.contradiction(
                    certificate.isPresent() ? "certificate" : "key",
                    "needs the other: certificate and key go together");
        }
        if (certificate.isEmpty() && clientCa.isPresent()) {
            throw section.contradiction("client-ca", "needs a certificate and a key of the server");
        }
        return certificate.map(chain -> new Tls(Path.of(chain), Path.of(key.orElseThrow()), clientCa.map(Path::of)));
    }
}
