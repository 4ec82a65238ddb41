package io.railhead.app.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import io.railhead.actors.settings.StrictConfig;
import io.railhead.learner.LearnerPresets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the user set, in layers; a later one wins: defaults of the modules, profile, file, `--set`, options. A
/// layer that names a preset of the learner stands on that preset.
///
/// Keys may be written with or without the prefix `railhead.`; `pekko` is the only other section that may be set.
public record LayeredConfig(
        Optional<String> profile, Optional<Path> file, List<String> assignments, Map<String, Object> options) {
    private static final Set<String> SECTIONS = Set.of("railhead", "pekko");

    public LayeredConfig {
        assignments = List.copyOf(assignments);
        options = Map.copyOf(options);
    }

    /// All layers on the modules' defaults, with everything else that they hold (Pekko's defaults).
    public Config resolve() {
        return over(profile.map(LayeredConfig::readProfile).orElse(ConfigFactory.empty()));
    }

    /// The same for a run that goes on: its own configuration takes the place of the profile.
    public Config resolveOver(Config earlier) {
        return over(earlier);
    }

    private Config over(Config base) {
        Config user = LearnerPresets.under(optionsConfig())
                .withFallback(LearnerPresets.under(assignmentsConfig()))
                .withFallback(
                        LearnerPresets.under(file.map(LayeredConfig::readFile).orElse(ConfigFactory.empty())));
        Config resolved = user.withFallback(LearnerPresets.under(base))
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve();
        StrictConfig.requireKnown(
                resolved,
                "railhead",
                ConfigFactory.defaultReference().getObject("railhead").keySet());
        return resolved;
    }

    private static Config readProfile(String name) {
        String resource = "profiles/" + name + ".conf";
        if (LayeredConfig.class.getClassLoader().getResource(resource) == null) {
            throw new UsageException("unknown profile " + name);
        }
        return ConfigFactory.parseResources(resource);
    }

    private static Config readFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UsageException("no configuration file " + file);
        }
        return prefixed(ConfigFactory.parseFile(
                file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false)));
    }

    private Config assignmentsConfig() {
        Config all = ConfigFactory.empty();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                throw new UsageException("--set takes key=value, not " + assignment);
            }
            String key = assignment.substring(0, equals).strip();
            all = prefixed(one(key, assignment.substring(equals + 1).strip())).withFallback(all);
        }
        return all;
    }

    private Config optionsConfig() {
        Config all = ConfigFactory.empty();
        for (Map.Entry<String, Object> option : options.entrySet()) {
            all = prefixed(ConfigValueFactory.fromAnyRef(option.getValue(), "command line")
                            .atPath(option.getKey()))
                    .withFallback(all);
        }
        return all;
    }

    /// Lists, objects and `null` are parsed; any other value is taken as it stands, so that a path may hold `:` or
    /// `//`.
    private static Config one(String key, String value) {
        if (value.equals("null") || value.startsWith("[") || value.startsWith("{") || value.startsWith("\"")) {
            return ConfigFactory.parseString(
                    key + " = " + value, ConfigParseOptions.defaults().setOriginDescription("--set " + key));
        }
        ConfigUtil.splitPath(key);
        return ConfigValueFactory.fromAnyRef(value, "--set " + key).atPath(key);
    }

    private static Config prefixed(Config config) {
        Config sections = ConfigFactory.empty();
        for (String key : config.root().keySet()) {
            Config one = config.root().withOnlyKey(key).toConfig();
            sections = (SECTIONS.contains(key) ? one : one.atPath("railhead")).withFallback(sections);
        }
        return sections;
    }
}
