package io.railhead.app.command;

import io.railhead.learner.CheckpointException;
import io.railhead.learner.CheckpointSurvey;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `railhead checkpoint list`.
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "The checkpoints of a run, oldest first: version, life, size and score. Hashes nothing.")
final class CheckpointListCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RUN_DIR", description = "A run.")
    private Path run = Path.of("");

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    private final Terminal terminal;

    CheckpointListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CheckpointException {
        CheckpointText.requireRun(run);
        CheckpointSurvey survey = CheckpointSurvey.of(run, false);
        if (json) {
            terminal.out().println(Json.line(CheckpointText.json(survey)));
            return 0;
        }
        survey.checkpoints().forEach(found -> terminal.out().println(CheckpointText.line(found)));
        terminal.out()
                .println(survey.newestGood()
                        .map(newest -> "the run goes on from " + newest.version())
                        .orElse("no checkpoint to go on from"));
        return 0;
    }
}
