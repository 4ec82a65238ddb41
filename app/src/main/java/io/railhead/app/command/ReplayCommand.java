package io.railhead.app.command;

import io.railhead.app.replay.IncompleteLogException;
import io.railhead.app.replay.RecordedRun;
import io.railhead.app.replay.StepOrigin;
import io.railhead.app.replay.StepOriginText;
import io.railhead.app.replay.Variation;
import io.railhead.app.replay.VariationText;
import io.railhead.app.replay.Verification;
import io.railhead.app.replay.VerificationText;
import io.railhead.app.run.UsageException;
import io.railhead.learner.CheckpointException;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

    @Option(
            names = "--at",
            paramLabel = "STEP",
            description = "Shows instead where the gradient of the step to this version came from, sample by sample.")
    private @Nullable Long step;

    @Option(
            names = "--with",
            paramLabel = "KEY=VALUE",
            description = "Trains on the recorded samples with another setting of the learner (learner.*) instead,"
                    + " and shows its metrics beside the recorded ones; may be repeated.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "With --with: where the resulting weights go, in Hugging Face layout.")
    private @Nullable Path out;

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    private final Terminal terminal;

    ReplayCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, CheckpointException, IncompleteLogException {
        if (step != null && !settings.isEmpty()) {
            throw new UsageException("--at and --with exclude each other");
        }
        if (out != null && settings.isEmpty()) {
            throw new UsageException("--out goes with --with; a checkpoint is written out by `checkpoint export`");
        }
        RecordedRun recorded = RecordedRun.open(run, settings);
        if (step != null) {
            return explain(recorded, step);
        }
        return settings.isEmpty() ? verify(recorded) : vary(recorded);
    }

    private int verify(RecordedRun recorded) throws IOException, CheckpointException, IncompleteLogException {
        ReplayProgress progress = progress(recorded);
        Verification.Result result = Verification.of(recorded, progress);
        progress.finish();
        show(result, VerificationText.lines(result));
        return result.same() ? 0 : 1;
    }

    private int explain(RecordedRun recorded, long number)
            throws IOException, CheckpointException, IncompleteLogException {
        if (number < 1) {
            throw new UsageException("--at takes a version from 1 on, not " + number);
        }
        StepOrigin origin = StepOrigin.of(recorded, new PolicyVersion(number));
        show(origin, StepOriginText.lines(origin));
        return origin.same() ? 0 : 1;
    }

    private int vary(RecordedRun recorded) throws IOException, IncompleteLogException {
        ReplayProgress progress = progress(recorded);
        Variation variation = Variation.of(recorded, Optional.ofNullable(out), progress);
        progress.finish();
        List<String> lines = new ArrayList<>(VariationText.lines(variation, settings));
        if (out != null) {
            lines.add("weights in " + out);
        }
        show(variation, lines);
        return 0;
    }

    private ReplayProgress progress(RecordedRun recorded) {
        return new ReplayProgress(
                json ? terminal.err() : terminal.out(),
                terminal.live(),
                recorded.survey().last());
    }

    private void show(Object result, List<String> lines) {
        if (json) {
            terminal.out().println(Json.line(result));
        } else {
            lines.forEach(terminal.out()::println);
        }
        terminal.out().flush();
    }
}
