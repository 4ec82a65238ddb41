package io.railhead.app.command;

import io.railhead.actors.durable.DurableFiles;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.app.report.Comparison;
import io.railhead.app.report.EvaluationRows;
import io.railhead.app.report.Progress;
import io.railhead.app.report.RunReport;
import io.railhead.app.run.EmbeddedRun;
import io.railhead.app.run.Evaluation;
import io.railhead.app.run.NodeParts;
import io.railhead.app.run.PolicySource;
import io.railhead.app.run.RunDirectory;
import io.railhead.app.run.RunLog;
import io.railhead.app.run.RunPlan;
import io.railhead.app.run.StopRequest;
import io.railhead.app.run.StopSignals;
import io.railhead.app.trackers.Trackers;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One `train`: evaluation, run, evaluation, and what the user gets of it.
final class Training {
    private final Terminal terminal;
    private final RunPlan plan;
    private final RunDirectory directory;
    private final boolean json;
    private final StopRequest stop = new StopRequest();
    private final HeldOut heldOut;

    Training(Terminal terminal, RunPlan plan, RunDirectory directory, boolean json) {
        this.terminal = terminal;
        this.plan = plan;
        this.directory = directory;
        this.json = json;
        this.heldOut = new HeldOut(
                terminal,
                plan.heldOut(),
                plan.eval(),
                plan.reward(),
                plan.policy().engine(),
                stop);
    }

    /// @return the exit status
    int run(Checkpoints.Latest from) throws CheckpointException, InterruptedException {
        StopSignals.install(stop::request);
        try (RunLog log = RunLog.into(directory.log())) {
            return run(from, log);
        }
    }

    private int run(Checkpoints.Latest from, RunLog log) throws CheckpointException, InterruptedException {
        try {
            say("run directory " + directory.root());
            plan.policy().timingNote().ifPresent(this::say);
            from.skipped().forEach(damaged -> say("left aside: " + damaged.getMessage()));
            from.checkpoint().ifPresent(checkpoint -> say("going on from " + checkpoint.version()));
            return run(from.checkpoint());
        } catch (HeldOut.StoppedException _) {
            say("stopped; go on with --resume --run-dir " + directory.root());
            return 0;
        } catch (IOException | RuntimeException e) {
            throw log.recorded(e);
        }
    }

    private int run(Optional<Checkpoints.Checkpoint> from)
            throws IOException, CheckpointException, InterruptedException {
        Optional<EvaluationRows> known = EvaluationRows.read(directory.evaluation("before"));
        Optional<EvaluationRows> before =
                known.isPresent() ? known : evaluate("before", plan.model()).map(EvaluationRows::of);
        PrintStream lines = json ? terminal.err() : terminal.out();
        Progress progress = new Progress(lines, terminal.live(), plan.stage().steps(), Clock.systemUTC());
        RunEnded end;
        try (Trackers trackers = Trackers.start(plan.trackers(), plan.config(), directory.root())) {
            end = EmbeddedRun.run(
                    NodeParts.embedded(plan, directory.root(), from, trackers.andThen(progress)),
                    stop,
                    page -> lines.println("live page at " + page));
            trackers.ended(end);
        }
        progress.finish();
        Optional<Evaluation> after =
                end.outcome() == RunEnded.Outcome.FINISHED ? evaluate("after", newestModel()) : Optional.empty();
        DurableFiles.replace(directory.report(), RunReport.of(plan, directory, end, before, after));
        conclude(end, before, after.map(EvaluationRows::of));
        return end.outcome() == RunEnded.Outcome.FAILED ? 1 : 0;
    }

    private Optional<Evaluation> evaluate(String when, PolicySource model) throws IOException {
        Optional<Evaluation> evaluation = heldOut.ask(model, "evaluation " + when + " training:");
        if (evaluation.isEmpty()) {
            say("no held-out question: no evaluation " + when + " training");
            return Optional.empty();
        }
        DurableFiles.replace(directory.evaluation(when), EvaluationRows.withAnswers(evaluation.get()));
        if (!json && when.equals("before")) {
            terminal.out().print("before training\n" + evaluation.get().text());
        }
        return evaluation;
    }

    private PolicySource newestModel() throws IOException, CheckpointException {
        Path checkpoint = Checkpoints.latest(directory.root())
                .checkpoint()
                .orElseThrow(() -> new IllegalStateException("a finished run has a checkpoint"))
                .directory();
        return PolicySource.of(checkpoint.resolve("model").toString());
    }

    private void conclude(RunEnded end, Optional<EvaluationRows> before, Optional<EvaluationRows> after)
            throws IOException {
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("outcome", end.outcome().name().toLowerCase(java.util.Locale.ROOT));
            result.put("cause", end.cause());
            result.put("version", end.version().number());
            result.put("ledger", end.ledger());
            result.put("run_dir", directory.root().toString());
            plan.policy().timingNote().ifPresent(note -> result.put("timing", note));
            before.ifPresent(rows -> result.put("before", rows));
            after.ifPresent(rows -> result.put("after", rows));
            terminal.out().println(Json.line(result));
        } else {
            String curve = RunReport.textCurve(directory);
            if (!curve.isEmpty()) {
                terminal.out().print("\ncorrect among the sampled responses, step by step\n" + curve);
            }
            if (before.isPresent() && after.isPresent()) {
                terminal.out().print("\n" + new Comparison(before.get(), after.get()).text() + "\n");
            }
            if (end.ledger().issued() > 0) { // a run that broke has no last word on it
                say(Progress.sentence(end.ledger()));
            }
            say("report " + directory.report());
        }
        switch (end.outcome()) {
            case FINISHED -> say("finished at " + end.version());
            case STOPPED ->
                say("stopped at " + end.version() + (end.cause().isBlank() ? "" : ": " + end.cause())
                        + "; go on with --resume --run-dir " + directory.root());
            case FAILED ->
                terminal.err()
                        .println("railhead: the run failed: " + end.cause() + " (details in " + directory.log() + ")");
        }
    }

    private void say(String line) {
        if (!json) {
            terminal.out().println(line);
        }
    }
}
