package io.railhead.actors.stage;

import com.typesafe.config.ConfigFactory;

/// Settings from the shipped defaults and a few lines of configuration.
final class Settings {
    private Settings() {}

    /// Lines are relative to `railhead.stage`; the curriculum is flat unless they say otherwise.
    static StageSettings of(String... lines) {
        String own = "railhead.stage {\n curriculum.preset = flat\n" + String.join("\n", lines) + "\n}";
        return StageSettings.from(
                ConfigFactory.parseString(own).withFallback(ConfigFactory.parseResources("railhead-stage.conf")));
    }
}
