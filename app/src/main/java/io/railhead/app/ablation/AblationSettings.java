package io.railhead.app.ablation;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import io.railhead.app.run.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// `ablation.conf`: what all arms of an ablation have in common, and what the arms are. An ablation that goes on must
/// have the same; it may have more arms.
public final class AblationSettings {
    private static final String PLACE = "railhead.run.dir";
    private static final ConfigRenderOptions READABLE = ConfigRenderOptions.defaults()
            .setOriginComments(false)
            .setComments(false)
            .setJson(false);

    private AblationSettings() {}

    /// Writes the file, or makes sure that the one that is there says the same.
    ///
    /// @param base the settings that arms are laid over
    /// @throws UsageException naming the key that differs
    public static void keep(Path file, Config base, List<Arm> arms) throws IOException {
        Config stored = Files.exists(file) ? ConfigFactory.parseFile(file.toFile()) : ConfigFactory.empty();
        Config wanted = base.withOnlyPath("railhead").withoutPath(PLACE);
        for (Arm arm : arms) {
            String path = "arms." + ConfigUtil.quoteString(arm.name());
            Config described = described(arm).atPath(path);
            if (stored.hasPath(path)) {
                requireSame(file, stored.withOnlyPath(path), described);
            }
            wanted = wanted.withFallback(described);
        }
        if (stored.hasPath("railhead")) {
            requireSame(file, stored.withOnlyPath("railhead"), wanted.withOnlyPath("railhead"));
        }
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(aside, wanted.withFallback(stored).root().render(READABLE));
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Config described(Arm arm) {
        Map<String, Object> described = new TreeMap<>();
        arm.settings().forEach((key, value) -> described.put("set." + key, value));
        described.put("supervised-share", arm.supervisedShare());
        Config config = ConfigFactory.empty();
        for (Map.Entry<String, Object> entry : described.entrySet()) {
            config = ConfigValueFactory.fromAnyRef(entry.getValue())
                    .atPath(entry.getKey())
                    .withFallback(config);
        }
        return config;
    }

    private static void requireSame(Path file, Config stored, Config wanted) {
        Map<String, String> before = texts(stored);
        Map<String, String> now =
                texts(ConfigFactory.parseString(wanted.root().render(READABLE))); // as if it were stored
        TreeSet<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(now.keySet());
        for (String key : keys) {
            if (!Objects.equals(before.get(key), now.get(key))) {
                throw new UsageException("%s has %s = %s, not %s: give another --out to compare with other settings"
                        .formatted(file, key, shown(before, key), shown(now, key)));
            }
        }
    }

    private static String shown(Map<String, String> texts, String key) {
        return Optional.ofNullable(texts.get(key)).orElse("nothing");
    }

    private static Map<String, String> texts(Config config) {
        Map<String, String> texts = new TreeMap<>();
        config.entrySet()
                .forEach(entry -> texts.put(
                        entry.getKey(), String.valueOf(entry.getValue().unwrapped())));
        return texts;
    }
}
