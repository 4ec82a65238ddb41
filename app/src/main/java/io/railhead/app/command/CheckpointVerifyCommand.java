package io.railhead.app.command;

import io.railhead.app.run.UsageException;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.CheckpointSurvey;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `railhead checkpoint verify`.
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Compares every file of a run's checkpoints with the size and SHA-256 that it was committed with."
                + " Status 1 if one is damaged.")
final class CheckpointVerifyCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RUN_DIR", description = "A run, or one of its checkpoints.")
    private Path run = Path.of("");

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    private final Terminal terminal;

    CheckpointVerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CheckpointException {
        CheckpointSurvey survey = CheckpointText.survey(run, true);
        if (survey.checkpoints().isEmpty()) {
            throw new UsageException("no checkpoint in " + run);
        }
        if (json) {
            terminal.out().println(Json.line(CheckpointText.json(survey)));
        } else {
            survey.checkpoints().forEach(this::say);
        }
        return survey.checkpoints().stream().allMatch(CheckpointSurvey.Found::isGood) ? 0 : 1;
    }

    private void say(CheckpointSurvey.Found found) {
        if (found.isGood()) {
            terminal.out().printf("%s good%n", found.version());
        }
        found.faults().forEach(fault -> terminal.out().printf("%s damaged: %s%n", found.version(), fault));
    }
}
