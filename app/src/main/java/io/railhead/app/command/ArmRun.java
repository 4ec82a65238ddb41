package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.app.ablation.ArmAnswer;
import io.railhead.app.ablation.ArmResult;
import io.railhead.app.report.EvaluationRows;
import io.railhead.app.report.Progress;
import io.railhead.app.report.RunReport;
import io.railhead.app.run.EmbeddedRun;
import io.railhead.app.run.Evaluation;
import io.railhead.app.run.FileTree;
import io.railhead.app.run.NodeParts;
import io.railhead.app.run.PolicySource;
import io.railhead.app.run.RunDirectory;
import io.railhead.app.run.RunFailedException;
import io.railhead.app.run.RunLog;
import io.railhead.app.run.RunPlan;
import io.railhead.app.run.StopRequest;
import io.railhead.app.supervised.SupervisedPlan;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/// One arm with one seed: supervised training, reinforcement learning, or the one and then the other; and the
/// evaluation of what came of it. What an earlier, interrupted try left is deleted.
final class ArmRun {
    private static final double NANOS = 1e9;

    private final ArmPlan plan;
    private final Path directory;
    private final Path supervisedModel;
    private final Terminal terminal;
    private final PrintStream progress;
    private final HeldOut heldOut;
    private final StopRequest stop;

    /// What training made, as far as it has come.
    private record Trained(String outcome, long steps, double seconds, long simulatedWaitMillis) {
        static final Trained NOTHING = new Trained("", 0, 0, 0);
    }

    ArmRun(ArmPlan plan, Path folder, Terminal terminal, PrintStream progress, HeldOut heldOut, StopRequest stop) {
        this.plan = plan;
        this.directory = folder.resolve(plan.arm().name()).resolve("seed-" + plan.seed());
        this.supervisedModel = directory.resolveSibling("seed-" + plan.seed() + "-supervised");
        this.terminal = terminal;
        this.progress = progress;
        this.heldOut = heldOut;
        this.stop = stop;
    }

    /// @param before the base's evaluation, for the run's report
    /// @throws HeldOut.StoppedException if the user asked for an end
    /// @throws RunFailedException if training failed
    ArmResult run(Optional<EvaluationRows> before) throws IOException, InterruptedException {
        FileTree.delete(directory);
        FileTree.delete(supervisedModel);
        Trained supervised = plan.hasSupervised() ? supervised() : Trained.NOTHING;
        return plan.hasReinforcement()
                ? reinforcement(supervised, before)
                : result(supervised, evaluate(PolicySource.of(supervisedModel.toString())));
    }

    private ArmResult result(Trained trained, Evaluation evaluation) {
        return new ArmResult(
                plan.arm().name(),
                plan.seed(),
                trained.outcome(),
                trained.steps(),
                trained.steps() * plan.budget().responsesPerStep(),
                trained.seconds(),
                trained.simulatedWaitMillis(),
                ArmAnswer.of(evaluation));
    }

    private Trained supervised() throws IOException {
        Files.createDirectories(directory.getParent());
        try (RunLog log = RunLog.into(supervisedModel.resolveSibling(supervisedModel.getFileName() + ".log"))) {
            try {
                return supervised(plan.supervised());
            } catch (IllegalStateException e) {
                throw log.recorded(e);
            }
        }
    }

    private Trained supervised(SupervisedPlan supervised) throws IOException {
        long start = System.nanoTime();
        int steps = new SupervisedRun(terminal, supervised, supervisedModel, true, stop)
                .train(progress, plan.budget().supervisedTime(plan.arm()))
                .size();
        throwIfStopped();
        boolean all = steps == supervised.settings().steps();
        return new Trained(
                all ? "finished" : "stopped: its time is over", steps, (System.nanoTime() - start) / NANOS, 0);
    }

    private ArmResult reinforcement(Trained first, Optional<EvaluationRows> before)
            throws IOException, InterruptedException {
        Config config =
                plan.reinforcement(directory, plan.hasSupervised() ? Optional.of(supervisedModel) : Optional.empty());
        RunPlan run = RunPlan.of(config);
        try (RunDirectory owned = RunDirectory.create(directory, config);
                RunLog log = RunLog.into(owned.log())) {
            try {
                return reinforcement(run, owned, first, before);
            } catch (IOException | CheckpointException | IllegalStateException e) {
                throw log.recorded(e);
            }
        }
    }

    private ArmResult reinforcement(RunPlan run, RunDirectory owned, Trained first, Optional<EvaluationRows> before)
            throws IOException, CheckpointException, InterruptedException {
        run.policy().timingNote().ifPresent(progress::println);
        long start = System.nanoTime();
        Progress shown = new Progress(progress, terminal.live(), run.stage().steps(), Clock.systemUTC());
        RunEnded end = EmbeddedRun.run(
                NodeParts.embedded(run, directory, Optional.empty(), shown),
                stop,
                page -> progress.println("live page at " + page));
        double seconds = (System.nanoTime() - start) / NANOS;
        shown.finish();
        throwIfStopped();
        if (end.outcome() == RunEnded.Outcome.FAILED) {
            throw new IllegalStateException(end.cause());
        }
        Evaluation evaluation = evaluate(newest(run));
        Files.writeString(owned.evaluation("after"), EvaluationRows.withAnswers(evaluation));
        Files.writeString(owned.report(), RunReport.of(run, owned, end, before, Optional.of(evaluation)));
        Trained trained = new Trained(
                end.outcome() == RunEnded.Outcome.STOPPED ? "stopped: " + end.cause() : "finished",
                first.steps() + end.version().number(),
                first.seconds() + seconds,
                run.policy().simulatedWait().toMillis());
        return result(trained, evaluation);
    }

    /// The newest checkpoint's model or, if the time was over before the first step, the one that it started from.
    private PolicySource newest(RunPlan run) throws IOException, CheckpointException {
        Optional<Checkpoints.Checkpoint> checkpoint =
                Checkpoints.latest(directory).checkpoint();
        return checkpoint.isPresent()
                ? PolicySource.of(checkpoint.get().directory().resolve("model").toString())
                : run.model();
    }

    private Evaluation evaluate(PolicySource model) {
        return heldOut.ask(model, "evaluation of " + plan.arm().name() + ":")
                .orElseThrow(() -> new IllegalStateException("there were held-out questions before"));
    }

    private void throwIfStopped() {
        if (stop.isRequested()) {
            throw new HeldOut.StoppedException();
        }
    }
}
