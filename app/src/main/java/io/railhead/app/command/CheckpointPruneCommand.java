package io.railhead.app.command;

import io.railhead.app.run.LayeredConfig;
import io.railhead.app.run.RunDirectory;
import io.railhead.app.run.UsageException;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import io.railhead.learner.LearnerSettings;
import io.railhead.learner.Retention;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `railhead checkpoint prune`.
@Command(
        name = "prune",
        mixinStandardHelpOptions = true,
        description =
                "Deletes checkpoints that no rule keeps, of a run that nobody works on. What an option does not say"
                        + " is as the run was configured. The newest good one always stays.")
final class CheckpointPruneCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RUN_DIR", description = "A run.")
    private Path run = Path.of("");

    @Option(names = "--keep-last", paramLabel = "N", description = "The newest ones.")
    private @Nullable Integer last;

    @Option(names = "--keep-every", paramLabel = "N", description = "Those of versions that this divides; 0 = none.")
    private @Nullable Long every;

    @Option(names = "--keep-best", paramLabel = "N", description = "The ones with the highest score; 0 = none.")
    private @Nullable Integer best;

    @Option(names = "--dry-run", description = "Only says what would be deleted.")
    private boolean dryRun;

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    private final Terminal terminal;

    CheckpointPruneCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CheckpointException {
        CheckpointText.requireRun(run);
        Retention configured = LearnerSettings.from(
                        new LayeredConfig(Optional.empty(), Optional.empty(), List.of(), Map.of())
                                .resolveOver(RunDirectory.configOf(run)))
                .retention();
        List<Path> deleted;
        try (RunDirectory directory = RunDirectory.open(run)) {
            deleted = Checkpoints.prune(directory.root(), wanted(configured), !dryRun);
        }
        if (json) {
            terminal.out()
                    .println(Json.line(Map.of(
                            "deleted", deleted.stream().map(Path::toString).toList(), "dry_run", dryRun)));
        } else {
            deleted.forEach(path -> terminal.out().println((dryRun ? "would delete " : "deleted ") + path));
            terminal.out().printf("%d checkpoints %s%n", deleted.size(), dryRun ? "would be deleted" : "deleted");
        }
        return 0;
    }

    private Retention wanted(Retention configured) {
        try {
            return new Retention(
                    last == null ? configured.last() : last,
                    every == null ? configured.every() : every,
                    best == null ? configured.best() : best,
                    configured.bestBy());
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }
}
