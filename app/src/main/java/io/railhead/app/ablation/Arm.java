package io.railhead.app.ablation;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One way to train, as data.
///
/// @param settings over those of the configuration, by their keys without `railhead.`
/// @param supervisedShare of its steps that are supervised training, before the others
/// @param paper RewardMap's own figures in the order of [Measure], or none
public record Arm(
        String name,
        String description,
        Map<String, Object> settings,
        double supervisedShare,
        Optional<List<Double>> paper) {
    /// The model before training stands in the tables under this name.
    public static final String BASE = "base";

    public Arm {
        settings = Map.copyOf(settings);
        paper = paper.map(List::copyOf);
        if (name.equals(BASE) || !name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no name for an arm: it is letters, digits, . _ and" + " -, and not `base`");
        }
        paper.ifPresent(Arm::requireAll);
        settings.keySet().stream()
                .filter(key -> key.startsWith("eval."))
                .findAny()
                .ifPresent(key -> {
                    throw new IllegalArgumentException(
                            "arm " + name + " sets " + key + ", but all arms are asked alike");
                });
    }

    static List<Double> requireAll(List<Double> paper) {
        if (paper.size() != Measure.values().length) {
            throw new IllegalArgumentException(
                    "paper has %d figures, not %d".formatted(paper.size(), Measure.values().length));
        }
        return paper;
    }

    static Arm from(StrictConfig section) {
        return new Arm(
                section.text("name"),
                section.text("description"),
                flat(section.free("set")),
                section.optional("supervised-share", key -> section.number(key, 0, 1))
                        .orElse(0.0),
                section.optional("paper", key -> section.numbers(key, 0, 100)));
    }

    private static Map<String, Object> flat(Config settings) {
        Map<String, Object> flat = new TreeMap<>();
        settings.entrySet()
                .forEach(entry -> flat.put(entry.getKey(), entry.getValue().unwrapped()));
        return flat;
    }
}
