package io.railhead.app.run;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The place and the patience of a run (`railhead.run`).
public record RunSettings(Optional<Path> dir, Duration stallTimeout, Duration shutdownTimeout) {
    public static RunSettings from(Config config) {
        return StrictConfig.read(
                config,
                "railhead.run",
                section -> new RunSettings(
                        section.optional("dir", key -> config.getString("railhead.run." + key))
                                .filter(dir -> !dir.isBlank())
                                .map(Path::of),
                        section.duration("stall-timeout", Duration.ofSeconds(1), Duration.ofDays(1)),
                        section.duration("shutdown-timeout", Duration.ofSeconds(1), Duration.ofMinutes(10))));
    }
}
