package io.railhead.app.run;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The place and the patience of a run (`railhead.run`).
///
/// @param timeLimit after which it stops as if the user had asked for it
public record RunSettings(
        Optional<Path> dir, Duration stallTimeout, Duration shutdownTimeout, Optional<Duration> timeLimit) {
    private static final Duration YEAR = Duration.ofDays(365);

    public static RunSettings from(Config config) {
        return StrictConfig.read(
                config,
                "railhead.run",
                section -> new RunSettings(
                        section.optional("dir", key -> config.getString("railhead.run." + key))
                                .filter(dir -> !dir.isBlank())
                                .map(Path::of),
                        section.duration("stall-timeout", Duration.ofSeconds(1), Duration.ofDays(1)),
                        section.duration("shutdown-timeout", Duration.ofSeconds(1), Duration.ofMinutes(10)),
                        Optional.of(section.duration("time-limit", Duration.ZERO, YEAR))
                                .filter(Duration::isPositive)));
    }
}
