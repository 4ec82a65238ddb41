package io.railhead.app.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// One key of the section `railhead` that has another value than before.
///
/// @param key without `railhead.`
public record ConfigChange(String key, String before, String now) {
    private static final Pattern NUMBER = Pattern.compile("[-+]?\\d+(\\.\\d+)?([eE][-+]?\\d{1,4})?"); // not 10.0.0.1

    /// Keys that were not there before are not changes: this release may know more than the one that wrote them down.
    static List<ConfigChange> between(Config before, Config now) {
        NavigableMap<String, String> old = leaves(before);
        NavigableMap<String, String> present = leaves(now);
        List<ConfigChange> changes = new ArrayList<>();
        old.forEach((key, value) -> {
            String after = present.getOrDefault(key, "nothing");
            if (!same(value, after)) {
                changes.add(new ConfigChange(key, value, after));
            }
        });
        return changes;
    }

    private static NavigableMap<String, String> leaves(Config config) {
        NavigableMap<String, String> leaves = new TreeMap<>();
        if (config.hasPath("railhead")) {
            collect("", config.getObject("railhead"), leaves);
        }
        return leaves;
    }

    private static void collect(String prefix, ConfigObject section, NavigableMap<String, String> leaves) {
        for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
            String key = prefix + entry.getKey();
            if (entry.getValue() instanceof ConfigObject inner && !inner.isEmpty()) {
                collect(key + ".", inner, leaves);
            } else {
                leaves.put(key, text(entry.getValue()));
            }
        }
    }

    /// Without the quotation marks that tell `"1"` from `1`: an option's value is a text.
    private static String text(ConfigValue value) {
        return value.render(ConfigRenderOptions.concise()).replace("\"", "");
    }

    private static boolean same(String before, String now) {
        return before.equals(now)
                || (NUMBER.matcher(before).matches()
                        && NUMBER.matcher(now).matches()
                        && new BigDecimal(before).compareTo(new BigDecimal(now)) == 0);
    }

    @Override
    public String toString() {
        return "railhead.%s = %s -> %s".formatted(key, before, now);
    }
}
