package io.railhead.app.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import io.railhead.app.reference.Setting;
import io.railhead.app.reference.SettingsReference;
import io.railhead.app.run.UsageException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `railhead config explain`.
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "What a setting means, its default, the value that it has with the other options, and where from.")
final class ConfigExplainCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "KEY", description = "A setting, or a section of them.")
    private String key = "";

    @Option(names = "--json", description = "One JSON object a setting instead of text.")
    private boolean json;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    private final Terminal terminal;

    ConfigExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /// A setting and what it is now.
    record Explained(String key, String preset, String value, String from, String meaning) {}

    @Override
    public Integer call() {
        SettingsReference reference = SettingsReference.ofModules();
        List<Setting> found = reference.find(key);
        if (found.isEmpty()) {
            throw new UsageException("there is no setting " + key
                    + reference
                            .nearest(key)
                            .map(nearest -> "; did you mean " + nearest + "?")
                            .orElse(" (`railhead config reference` lists all)"));
        }
        Config resolved = config.resolve(Map.of());
        for (Setting setting : found) {
            Explained explained = explained(setting, resolved);
            terminal.out().print(json ? Json.line(explained) + "\n" : text(explained));
        }
        terminal.out().flush();
        return 0;
    }

    private static Explained explained(Setting setting, Config resolved) {
        ConfigValue value = resolved.hasPathOrNull(setting.key()) && !resolved.getIsNull(setting.key())
                ? resolved.getValue(setting.key())
                : null;
        return new Explained(
                setting.key(),
                setting.preset(),
                value == null ? "null" : value.render(ConfigRenderOptions.concise()),
                value == null ? "the default" : place(value.origin()),
                setting.meaning());
    }

    private static String place(ConfigOrigin origin) {
        String file = origin.filename() != null ? origin.filename() : origin.resource();
        if (file == null) {
            return origin.description();
        }
        String name = file.substring(file.lastIndexOf('/') + 1);
        return origin.lineNumber() > 0 ? name + ":" + origin.lineNumber() : name;
    }

    private static String text(Explained setting) {
        String now = setting.value().equals(setting.preset())
                ? "the default"
                : "default %s, set in %s".formatted(setting.preset(), setting.from());
        return "%s = %s (%s)%n  %s%n".formatted(setting.key(), setting.value(), now, setting.meaning());
    }
}
