package io.railhead.app.trackers;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// The area `railhead.trackers`.
///
/// @param closeTimeout how long the end of a run may wait for trackers
public record TrackerSettings(
        boolean tensorboard, Optional<Wandb> wandb, Optional<Mlflow> mlflow, Duration closeTimeout) {
    /// @param project that `wandb sync` puts the run into
    public record Wandb(String project) {}

    /// @param uri of the tracking server
    /// @param timeout of one request
    public record Mlflow(URI uri, String experiment, Duration timeout) {}

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(10);

    /// @throws io.railhead.actors.settings.ConfigurationException if a key is unknown or a value wrong
    public static TrackerSettings from(Config config) {
        return StrictConfig.read(
                config,
                "railhead.trackers",
                s -> new TrackerSettings(
                        s.flag("tensorboard"),
                        s.section("wandb", w -> {
                            Wandb wandb = new Wandb(w.text("project"));
                            return w.flag("enabled") ? Optional.of(wandb) : Optional.empty();
                        }),
                        s.section("mlflow", TrackerSettings::mlflow),
                        s.duration("close-timeout", SHORT, LONG)));
    }

    private static Optional<Mlflow> mlflow(StrictConfig section) {
        Optional<URI> uri = section.optional("uri", key -> uri(section, key));
        String experiment = section.text("experiment");
        Duration timeout = section.duration("timeout", SHORT, LONG);
        return uri.map(known -> new Mlflow(known, experiment, timeout));
    }

    private static URI uri(StrictConfig section, String key) {
        String text = section.text(key);
        try {
            URI uri = new URI(text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (java.net.URISyntaxException _) {
            // said below
        }
        throw section.contradiction(key, "must be the http or https address of a tracking server, not " + text);
    }
}
