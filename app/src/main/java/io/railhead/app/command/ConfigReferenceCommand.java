package io.railhead.app.command;

import io.railhead.app.reference.ReferencePage;
import io.railhead.app.reference.SettingsReference;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `railhead config reference`.
@Command(
        name = "reference",
        mixinStandardHelpOptions = true,
        description = "All settings with their defaults and meanings, in Markdown.")
final class ConfigReferenceCommand implements Callable<Integer> {
    @Option(names = "--json", description = "One JSON object a setting instead of Markdown.")
    private boolean json;

    private final Terminal terminal;

    ConfigReferenceCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        SettingsReference reference = SettingsReference.ofModules();
        if (json) {
            reference.all().forEach(setting -> terminal.out().println(Json.line(setting)));
        } else {
            terminal.out().print(ReferencePage.of(reference.all()));
        }
        terminal.out().flush();
        return 0;
    }
}
