package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.app.run.LayeredConfig;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `--profile`, `--config` and `--set`, as every command with a model takes them.
final class ConfigOptions {
    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "Settings for a kind of machine (default: embedded).")
    private String profile = "embedded";

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    Config resolve(Map<String, Object> options) {
        return layers(options).resolve();
    }

    LayeredConfig layers(Map<String, Object> options) {
        return settings.layers(Optional.of(profile), options);
    }
}
