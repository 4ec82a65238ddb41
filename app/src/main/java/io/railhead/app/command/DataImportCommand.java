package io.railhead.app.command;

import io.railhead.app.run.DataSettings;
import io.railhead.transit.data.DataSetExport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `railhead data import`.
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description =
                "Makes questions from station files and maps, as data sets with the published columns and splits.")
final class DataImportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FOLDER", description = "Has stations/<country>/<city>.json and maps/.")
    private Path folder = Path.of("");

    @Parameters(index = "1", paramLabel = "OUT", description = "A new or empty folder.")
    private Path out = Path.of("");

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--questions",
            paramLabel = "N",
            description = "Questions of each type a city (data.questions-per-type).")
    private @Nullable Integer questions;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the questions (data.seed).")
    private @Nullable Long seed;

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    private final Terminal terminal;

    DataImportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        DataSettings settings = DataSettings.from(config.resolve(options()));
        DataOptions.requireNewOrEmpty(out);
        DataSetExport.Contents contents =
                DataSetExport.write(folder, out, settings.seed(), settings.questionsPerType());
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("rows", contents.rows());
            result.put("directory", out.toString());
            result.put("left_out", DataReports.skipped(contents.cities().skipped()));
            result.put("mended", DataReports.repairs(contents.cities().repaired()));
            terminal.out().println(Json.line(result));
            return 0;
        }
        contents.rows()
                .forEach((name, rows) -> terminal.out().printf("%6d rows in %s%n", rows, out.resolve(name + ".jsonl")));
        DataReports.skipped(contents.cities().skipped())
                .forEach(city -> terminal.out().println("left out " + city));
        DataReports.repairs(contents.cities().repaired())
                .forEach(city -> terminal.out().println("mended " + city));
        return 0;
    }

    private Map<String, Object> options() {
        Map<String, Object> options = new HashMap<>();
        if (questions != null) {
            options.put("railhead.data.questions-per-type", questions);
        }
        if (seed != null) {
            options.put("railhead.data.seed", seed);
        }
        return options;
    }
}
