package io.railhead.app.command;

import io.railhead.app.run.CheckpointExport;
import io.railhead.learner.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `railhead checkpoint export`.
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Writes a run's newest model in Hugging Face layout, adapters merged.")
final class CheckpointExportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RUN_DIR", description = "A run, or one of its checkpoints.")
    private Path run = Path.of("");

    @Parameters(index = "1", paramLabel = "DIR", description = "A new or empty folder.")
    private Path target = Path.of("");

    @Option(
            names = "--adapter",
            description = "Write the adapters of a LoRA run alone, as PEFT reads them, instead of the merged model.")
    private boolean adapter;

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    private final Terminal terminal;

    CheckpointExportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, CheckpointException {
        String exported = adapter ? CheckpointExport.adapters(run, target) : CheckpointExport.model(run, target);
        if (json) {
            terminal.out().println(Json.line(Map.of("exported", exported, "directory", target.toString())));
        } else {
            terminal.out().printf("%s exported to %s%n", exported, target);
        }
        return 0;
    }
}
