package io.railhead.app.command;

import io.railhead.app.run.DataSettings;
import io.railhead.app.run.GeneratedFolder;
import io.railhead.app.run.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `railhead data generate`.
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "Writes generated maps and questions into a folder, laid out as `--data` takes it.")
final class DataGenerateCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "A new or empty folder.")
    private Path out = Path.of("");

    @Option(names = "--maps", paramLabel = "N", description = "Maps of each difficulty (data.maps-per-difficulty).")
    private @Nullable Integer maps;

    @Option(
            names = "--questions",
            paramLabel = "N",
            description = "Questions of each type a map (data.questions-per-type).")
    private @Nullable Integer questions;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of maps and questions (data.seed).")
    private @Nullable Long seed;

    @Option(names = "--held-out", description = "The held-out maps instead of the training ones.")
    private boolean heldOut;

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    private final Terminal terminal;

    DataGenerateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        DataSettings settings = DataSettings.from(config.resolve(options()));
        if (settings.source() != DataSettings.Source.GENERATED) {
            throw new UsageException("data generate needs data.source = generated, not folder");
        }
        DataOptions.requireNewOrEmpty(out);
        GeneratedFolder.Contents contents = GeneratedFolder.write(out, settings, DataOptions.split(!heldOut));
        if (json) {
            terminal.out()
                    .println(Json.line(Map.of(
                            "maps", contents.maps(), "questions", contents.questions(), "directory", out.toString())));
        } else {
            terminal.out().printf("%d maps and %d questions in %s%n", contents.maps(), contents.questions(), out);
        }
        return 0;
    }

    private Map<String, Object> options() {
        Map<String, Object> options = new HashMap<>();
        if (maps != null) {
            options.put("railhead.data.maps-per-difficulty", maps);
        }
        if (questions != null) {
            options.put("railhead.data.questions-per-type", questions);
        }
        if (seed != null) {
            options.put("railhead.data.seed", seed);
        }
        return options;
    }
}
