package io.railhead.app.tracing;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;

/// The area `railhead.traces`.
///
/// @param endpoint of a collector that takes OTLP over HTTP; none: no traces
/// @param share of the leases that are traced
/// @param run what the run is called in traces; none: as its directory
/// @param timeout of one delivery, and of the last one at the node's end
public record TraceSettings(Optional<URI> endpoint, double share, Optional<String> run, Duration timeout) {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(1);

    /// @throws io.railhead.actors.settings.ConfigurationException if a key is unknown or a value wrong
    public static TraceSettings from(Config config) {
        return StrictConfig.read(
                config,
                "railhead.traces",
                s -> new TraceSettings(
                        s.optional("endpoint", key -> uri(s, key)),
                        s.number("share", 0, 1),
                        s.optional("run", s::text),
                        s.duration("timeout", SHORT, LONG)));
    }

    private static URI uri(StrictConfig section, String key) {
        String text = section.text(key);
        try {
            URI uri = new URI(text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException _) {
            // said below
        }
        throw section.contradiction(
                key, "must be a collector's http or https address, such as http://HOST:4318/v1/traces, not " + text);
    }
}
