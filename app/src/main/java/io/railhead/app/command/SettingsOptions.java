package io.railhead.app.command;

import io.railhead.app.run.LayeredConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--config` and `--set`.
final class SettingsOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "Settings in HOCON.")
    private @Nullable Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting; may be repeated.")
    private List<String> assignments = new ArrayList<>();

    LayeredConfig layers(Optional<String> profile, Map<String, Object> options) {
        return new LayeredConfig(profile, Optional.ofNullable(file), assignments, options);
    }
}
