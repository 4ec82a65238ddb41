package io.railhead.app.command;

import io.railhead.app.replay.IncompleteLogException;
import io.railhead.app.replay.RecordedRun;
import io.railhead.app.replay.ReplayText;
import io.railhead.app.replay.Verification;
import io.railhead.learner.CheckpointException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `railhead replay`.
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Does a recorded run's train steps again and compares, bit for bit, metrics at each step and"
                + " weights at each commit. Status 1 if something differs.")
final class ReplayCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RUN_DIR", description = "A run.")
    private Path run = Path.of("");

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    private final Terminal terminal;

    ReplayCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, CheckpointException, IncompleteLogException {
        RecordedRun recorded = RecordedRun.open(run, List.of());
        ReplayProgress progress = new ReplayProgress(
                json ? terminal.err() : terminal.out(),
                terminal.live(),
                recorded.survey().last());
        Verification.Result result = Verification.of(recorded, progress);
        progress.finish();
        PrintStream out = terminal.out();
        if (json) {
            out.println(Json.line(result));
        } else {
            ReplayText.lines(result).forEach(out::println);
        }
        out.flush();
        return result.same() ? 0 : 1;
    }
}
