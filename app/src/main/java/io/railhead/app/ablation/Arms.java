package io.railhead.app.ablation;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.settings.NearestName;
import io.railhead.actors.settings.StrictConfig;
import io.railhead.app.run.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The arms that can be compared: those of `arms.conf`, and the user's.
///
/// @param usual what is compared when the user names none
/// @param against what the others are compared with, where it has run
/// @param paperBase RewardMap's own figures of the model before training
public record Arms(Map<String, Arm> byName, List<String> usual, List<String> against, List<Double> paperBase) {
    public Arms {
        usual = List.copyOf(usual);
        against = List.copyOf(against);
        Arm.requireAll(paperBase);
    }

    public static Arms builtIn() {
        Config file = ConfigFactory.parseResources(
                        Arms.class, "arms.conf", ConfigParseOptions.defaults().setAllowMissing(false))
                .resolve();
        return StrictConfig.read(file.atKey("file"), "file", section -> {
            section.free("plain");
            return new Arms(
                    named(section.sections("arms", Arm::from)),
                    section.texts("usual"),
                    section.texts("against"),
                    section.numbers("paper", 0, 100));
        });
    }

    /// These and those of a file, which has `arms` as `arms.conf` has them. An arm of the file replaces one of its
    /// name.
    ///
    /// @throws ConfigurationException if an arm is not as it should be
    public Arms with(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UsageException("no arms file " + file);
        }
        Config parsed = ConfigFactory.parseFile(file.toFile()).resolve();
        Map<String, Arm> all = new LinkedHashMap<>(byName);
        Collection<Arm> own = StrictConfig.read(
                parsed.withOnlyPath("arms").atKey("file"), "file", section -> section.sections("arms", Arm::from));
        own.forEach(arm -> all.put(arm.name(), arm));
        return new Arms(all, usual, against, paperBase);
    }

    /// @throws UsageException if there is no such arm
    public Arm get(String name) {
        Arm arm = byName.get(name);
        if (arm == null) {
            throw new UsageException("no arm " + name
                    + NearestName.of(name, byName.keySet())
                            .map(nearest -> "; did you mean " + nearest + "?")
                            .orElse("; there are " + String.join(", ", byName.keySet())));
        }
        return arm;
    }

    private static Map<String, Arm> named(List<Arm> arms) {
        Map<String, Arm> byName = new LinkedHashMap<>();
        arms.forEach(arm -> byName.put(arm.name(), arm));
        return byName;
    }
}
