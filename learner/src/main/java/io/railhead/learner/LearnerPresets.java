package io.railhead.learner;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.settings.NearestName;
import java.util.List;

/// Published recipes by name: `presets.conf` beside this class says what each sets, and `docs/algorithms.md`
/// where it comes from.
///
/// A preset stands right below the layer of the configuration that names it: it wins over defaults, profile and
/// earlier layers, and what the same layer or a later one says wins over it.
public final class LearnerPresets {
    private static final String KEY = "railhead.learner.preset";

    private LearnerPresets() {}

    /// In alphabetical order.
    public static List<String> names() {
        return all().root().keySet().stream().sorted().toList();
    }

    /// A layer on top of the preset that it names; as it is if it names none.
    ///
    /// @throws ConfigurationException if there is no such preset
    public static Config under(Config layer) {
        Config known = layer.resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true));
        if (!known.hasPath(KEY)) {
            return layer;
        }
        return layer.withFallback(named(known.getString(KEY)).atPath("railhead.learner"));
    }

    /// What the preset sets, relative to `railhead.learner`.
    static Config named(String name) {
        if (!names().contains(name)) {
            throw new ConfigurationException(KEY + " = " + name + " must be one of " + String.join(", ", names())
                    + NearestName.of(name, names())
                            .map(nearest -> "; did you mean " + nearest + "?")
                            .orElse(""));
        }
        return all().getConfig(name);
    }

    private static Config all() {
        return ConfigFactory.parseResources(LearnerPresets.class, "presets.conf")
                .resolve()
                .getConfig("presets");
    }
}
