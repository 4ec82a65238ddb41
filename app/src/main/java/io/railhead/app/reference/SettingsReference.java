package io.railhead.app.reference;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.railhead.actors.settings.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// All settings of the modules that are here, by key.
///
/// A section without keys of its own, and a list, count as one setting: users fill them as a whole.
public final class SettingsReference {
    private static final String ROOT = "railhead";
    private static final String DISPATCHER = "-dispatcher."; // Pekko's own, which nobody sets here

    private final List<Setting> settings;

    private SettingsReference(List<Setting> settings) {
        this.settings = List.copyOf(settings);
    }

    /// From the `reference.conf` of every module on the class path.
    public static SettingsReference ofModules() {
        List<Setting> found = new ArrayList<>();
        collect(ROOT, ConfigFactory.defaultReferenceUnresolved().getObject(ROOT), "", found);
        found.removeIf(setting -> setting.key().contains(DISPATCHER));
        return new SettingsReference(found);
    }

    private static void collect(String path, ConfigObject section, String above, List<Setting> found) {
        for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(section).entrySet()) {
            String key = path + "." + ConfigUtil.joinPath(entry.getKey());
            ConfigValue value = entry.getValue();
            String own = value.origin().comments().stream()
                    .map(String::strip)
                    .collect(Collectors.joining(" "))
                    .strip();
            String meaning = own.isEmpty() ? above : own;
            if (value instanceof ConfigObject inner && !inner.isEmpty()) {
                collect(key, inner, path.equals(ROOT) ? "" : meaning, found); // an area's comment is of its file
            } else {
                found.add(new Setting(key, value.render(ConfigRenderOptions.concise()), meaning));
            }
        }
    }

    public List<Setting> all() {
        return settings;
    }

    /// @param key with or without the prefix `railhead.`
    /// @return the setting, or all settings of the section, of that name; none if there is neither
    public List<Setting> find(String key) {
        String whole = whole(key);
        return settings.stream()
                .filter(setting -> setting.key().equals(whole) || setting.key().startsWith(whole + "."))
                .toList();
    }

    /// What the user may have meant: the setting whose key, or whose last part, is nearest.
    public Optional<String> nearest(String key) {
        String whole = whole(key);
        List<String> keys = settings.stream().map(Setting::key).toList();
        String last = last(whole);
        List<String> sameName =
                keys.stream().filter(known -> last(known).equals(last)).toList();
        if (!sameName.isEmpty()) {
            return Optional.of(String.join(" or ", sameName));
        }
        return NearestName.of(whole, keys);
    }

    private static String whole(String key) {
        return key.equals(ROOT) || key.startsWith(ROOT + ".") ? key : ROOT + "." + key;
    }

    private static String last(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }
}
