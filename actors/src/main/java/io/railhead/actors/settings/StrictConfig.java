package io.railhead.actors.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One section of the configuration, read once into a settings record.
///
/// Each getter checks type and range. Reading a key makes it known; a key that is in the section when it is finished
/// and was never asked for is an error, so a slip of the pen cannot silently fall back to a default. Bounds are
/// inclusive. Not thread-safe.
///
/// ```java
/// static RolloutSettings from(Config config) {
///     return StrictConfig.read(config, "railhead.rollout", section -> new RolloutSettings(
///             section.integer("slots", 1, 4096),
///             section.choice("when-weights-change", SwapRule.class)));
/// }
/// ```
public final class StrictConfig {
    private final String path;
    private final ConfigObject object;
    private final TreeSet<String> asked = new TreeSet<>();

    private StrictConfig(String path, ConfigObject object) {
        this.path = path;
        this.object = object;
    }

    /// Reads the section at `path` and rejects what `reader` did not ask for.
    ///
    /// @throws ConfigurationException if the section is missing, a value is wrong, or a key is unknown
    public static <T> T read(Config config, String path, Function<StrictConfig, T> reader) {
        ConfigValue value = config.hasPath(path) ? config.getValue(path) : null;
        return readObject(path, value, reader);
    }

    /// Rejects keys of the section at `path` that are not in `known`. For the areas of `railhead` itself.
    public static void requireKnown(Config config, String path, Collection<String> known) {
        read(config, path, section -> section.asked.addAll(known));
    }

    private static <T> T readObject(String path, @Nullable ConfigValue value, Function<StrictConfig, T> reader) {
        if (value == null) {
            throw new ConfigurationException(path + " is missing: it must be a section");
        }
        if (!(value instanceof ConfigObject object)) {
            throw new ConfigurationException(path + " = " + shown(value) + " must be a section" + place(value));
        }
        StrictConfig section = new StrictConfig(path, object);
        T read = section.guarded(reader);
        section.finish();
        return read;
    }

    /// A check that fails in a settings record's constructor is the section's error.
    private <T> T guarded(Function<StrictConfig, T> reader) {
        try {
            return reader.apply(this);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(path + ": " + e.getMessage() + place(object), e);
        }
    }

    public int integer(String key, int min, int max) {
        return (int) longInteger(key, min, max);
    }

    public long longInteger(String key, long min, long max) {
        String allowed = "a whole number " + range(min, max, min == Long.MIN_VALUE, max == Long.MAX_VALUE);
        ConfigValue value = require(key, allowed);
        long number = typed(key, value, allowed, Config::getLong);
        if (number != (double) typed(key, value, allowed, Config::getDouble) || number < min || number > max) {
            throw bad(key, value, allowed);
        }
        return number;
    }

    /// A finite number.
    public double number(String key, double min, double max) {
        String allowed = "a number " + range(min, max, min == -Double.MAX_VALUE, max == Double.MAX_VALUE);
        ConfigValue value = require(key, allowed);
        double number = typed(key, value, allowed, Config::getDouble);
        if (!(number >= min && number <= max) || Double.isInfinite(number)) {
            throw bad(key, value, allowed);
        }
        return number;
    }

    public boolean flag(String key) {
        String allowed = "true or false";
        return typed(key, require(key, allowed), allowed, Config::getBoolean);
    }

    /// A text that is not blank.
    public String text(String key) {
        String allowed = "a text that is not empty";
        ConfigValue value = require(key, allowed);
        String text = typed(key, value, allowed, Config::getString);
        if (text.isBlank()) {
            throw bad(key, value, allowed);
        }
        return text;
    }

    /// A time such as `500ms`, `5s` or `2 minutes`.
    public Duration duration(String key, Duration min, Duration max) {
        String allowed = "a duration from " + shown(min) + " to " + shown(max);
        ConfigValue value = require(key, allowed);
        Duration duration = typed(key, value, allowed, Config::getDuration);
        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            throw bad(key, value, allowed);
        }
        return duration;
    }

    /// A size in bytes such as `512 KiB` or `8MiB`.
    public long bytes(String key, long min, long max) {
        String allowed = "a size from " + min + " to " + max + " bytes";
        ConfigValue value = require(key, allowed);
        long bytes = typed(key, value, allowed, Config::getBytes);
        if (bytes < min || bytes > max) {
            throw bad(key, value, allowed);
        }
        return bytes;
    }

    /// A constant of an enum, written in lower case with dashes: `KEEP_CACHE` is `keep-cache`.
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        List<String> names =
                Arrays.stream(type.getEnumConstants()).map(StrictConfig::dashed).toList();
        String allowed = "one of " + String.join(", ", names);
        ConfigValue value = require(key, allowed);
        int index = names.indexOf(typed(key, value, allowed, Config::getString));
        if (index < 0) {
            throw bad(key, value, allowed);
        }
        return type.getEnumConstants()[index];
    }

    /// A list of texts that are not blank; it may be empty.
    public List<String> texts(String key) {
        return items(key, "a list of texts", (name, item) -> single(name, item).text("item"));
    }

    /// A list of whole numbers; it may be empty.
    public List<Integer> integers(String key, int min, int max) {
        return items(
                key,
                "a list of whole numbers",
                (name, item) -> single(name, item).integer("item", min, max));
    }

    /// A list of numbers; it may be empty.
    public List<Double> numbers(String key, double min, double max) {
        return items(
                key, "a list of numbers", (name, item) -> single(name, item).number("item", min, max));
    }

    /// A list of an enum's constants; it may be empty.
    public <E extends Enum<E>> List<E> choices(String key, Class<E> type) {
        return items(key, "a list", (name, item) -> single(name, item).choice("item", type));
    }

    /// A section within this one, as strict as this one.
    public <T> T section(String key, Function<StrictConfig, T> reader) {
        return readObject(nameOf(key), require(key, "a section"), reader);
    }

    /// A list of sections, each as strict as this one.
    public <T> List<T> sections(String key, Function<StrictConfig, T> reader) {
        return items(key, "a list of sections", (name, item) -> readObject(name, item, reader));
    }

    /// What `getter` reads, or empty if the key is absent or null: `section.optional("seed", key ->
    /// section.text(key))`.
    public <T> Optional<T> optional(String key, Function<String, T> getter) {
        asked.add(key);
        ConfigValue value = object.get(key);
        return value == null || value.valueType() == ConfigValueType.NULL
                ? Optional.empty()
                : Optional.of(getter.apply(key));
    }

    /// A section that is passed on to someone else, unchecked.
    public Config free(String key) {
        ConfigValue value = require(key, "a section");
        if (!(value instanceof ConfigObject free)) {
            throw bad(key, value, "a section");
        }
        return free.toConfig();
    }

    /// The keys of this section, for sections that are maps. They all become known.
    public List<String> keys() {
        asked.addAll(object.keySet());
        return object.keySet().stream().sorted().toList();
    }

    /// An error of this section found after reading: two values that contradict each other.
    public ConfigurationException contradiction(String key, String why) {
        ConfigValue value = object.get(key);
        return value == null
                ? new ConfigurationException(nameOf(key) + " " + why)
                : new ConfigurationException(nameOf(key) + " = " + shown(value) + " " + why + place(value));
    }

    /// Rejects keys that were never asked for. `read`, `section` and `sections` do it by themselves.
    private void finish() {
        List<String> unknown = object.keySet().stream()
                .filter(key -> !asked.contains(key))
                .sorted()
                .map(key -> "unknown key "
                        + nameOf(key)
                        + NearestName.of(key, asked)
                                .map(nearest -> "; did you mean " + nameOf(nearest) + "?")
                                .orElse("; known here: " + String.join(", ", asked))
                        + place(object.get(key)))
                .toList();
        if (!unknown.isEmpty()) {
            throw new ConfigurationException(String.join("\n", unknown));
        }
    }

    private interface Getter<T> {
        T get(Config config, String key);
    }

    private interface ItemReader<T> {
        T read(String name, ConfigValue item);
    }

    private <T> List<T> items(String key, String allowed, ItemReader<T> reader) {
        ConfigValue value = require(key, allowed);
        if (!(value instanceof ConfigList list)) {
            throw bad(key, value, allowed);
        }
        List<T> items = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            items.add(reader.read(nameOf(key) + "[" + i + "]", list.get(i)));
        }
        return List.copyOf(items);
    }

    /// A list's item as a section whose only key shows under the item's own name.
    private static StrictConfig single(String name, ConfigValue item) {
        return new StrictConfig(name, item.atKey("item").root());
    }

    private ConfigValue require(String key, String allowed) {
        asked.add(key);
        ConfigValue value = object.get(key);
        if (value == null || value.valueType() == ConfigValueType.NULL) {
            throw new ConfigurationException(nameOf(key) + " is missing: it must be " + allowed + place(object));
        }
        return value;
    }

    private <T> T typed(String key, ConfigValue value, String allowed, Getter<T> getter) {
        try {
            return getter.get(object.toConfig(), ConfigUtil.joinPath(key));
        } catch (ConfigException e) {
            throw new ConfigurationException(wrong(key, value, allowed), e);
        }
    }

    private ConfigurationException bad(String key, ConfigValue value, String allowed) {
        return new ConfigurationException(wrong(key, value, allowed));
    }

    private String wrong(String key, ConfigValue value, String allowed) {
        return nameOf(key) + " = " + shown(value) + " must be " + allowed + place(value);
    }

    private String nameOf(String key) {
        return path.endsWith("]") && key.equals("item") ? path : path + "." + key;
    }

    private static String range(Object min, Object max, boolean unboundedBelow, boolean unboundedAbove) {
        if (unboundedBelow) {
            return unboundedAbove ? "" : "up to " + max;
        }
        return unboundedAbove ? "from " + min + " up" : "from " + min + " to " + max;
    }

    private static String dashed(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String shown(ConfigValue value) {
        return value.render(ConfigRenderOptions.concise());
    }

    private static String shown(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    private static String place(@Nullable ConfigValue value) {
        if (value == null) {
            return "";
        }
        ConfigOrigin origin = value.origin();
        String file = origin.filename() != null ? origin.filename() : origin.resource();
        return file == null ? "" : " (" + file + (origin.lineNumber() > 0 ? ":" + origin.lineNumber() : "") + ")";
    }
}
