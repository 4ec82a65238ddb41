package io.railhead.app.command;

import io.railhead.app.report.Comparison;
import io.railhead.app.report.EvaluationRows;
import io.railhead.app.run.Evaluation;
import io.railhead.app.run.PolicySource;
import io.railhead.app.run.StopRequest;
import io.railhead.app.supervised.SupervisedPlan;
import io.railhead.app.supervised.SupervisedTraining;
import io.railhead.app.supervised.SupervisedTraining.Step;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One `sft`: evaluation, training, the model folder, evaluation.
final class SupervisedRun {
    private static final int STOPPED = 1;

    private final Terminal terminal;
    private final SupervisedPlan plan;
    private final Path directory;
    private final boolean json;
    private final StopRequest stop;
    private final HeldOut heldOut;

    /// @param directory where the model goes; it does not exist yet
    SupervisedRun(Terminal terminal, SupervisedPlan plan, Path directory, boolean json, StopRequest stop) {
        this.terminal = terminal;
        this.plan = plan;
        this.directory = directory;
        this.json = json;
        this.stop = stop;
        this.heldOut = new HeldOut(
                terminal,
                plan.heldOut(),
                plan.eval(),
                plan.reward(),
                plan.policy().engine(),
                stop);
    }

    /// @return the exit status
    int run() throws IOException {
        try {
            Optional<Evaluation> before = evaluate("before", plan.model());
            List<Step> steps = train(json ? terminal.err() : terminal.out(), Optional.empty());
            if (stop.isRequested()) {
                return stopped("stopped after step " + steps.size() + "; nothing was written");
            }
            conclude(steps, before, evaluate("after", PolicySource.of(directory.toString())));
            return 0;
        } catch (HeldOut.StoppedException _) {
            return stopped("stopped in the evaluation; "
                    + (directory.toFile().exists() ? "the model is in " + directory : "nothing was written"));
        }
    }

    /// Trains until the steps are done or the time is over and writes the model; writes nothing if the user asked for
    /// an end.
    List<Step> train(PrintStream progress, Optional<Duration> timeLimit) throws IOException {
        List<Step> steps = new ArrayList<>();
        long start = System.nanoTime();
        long most = timeLimit.map(Duration::toNanos).orElse(Long.MAX_VALUE);
        try (SupervisedTraining training = new SupervisedTraining(plan)) {
            while (!training.finished() && !stop.isRequested() && System.nanoTime() - start < most) {
                steps.add(training.next());
                progress.println(line(steps.getLast(), (System.nanoTime() - start) / 1e9));
            }
            if (!stop.isRequested()) {
                training.save(directory);
            }
        }
        return steps;
    }

    private Optional<Evaluation> evaluate(String when, PolicySource model) {
        Optional<Evaluation> evaluation = heldOut.ask(model, "evaluation " + when + " training:");
        if (!json && when.equals("before")) {
            evaluation.ifPresent(e -> terminal.out().print("before training\n" + e.text()));
        }
        return evaluation;
    }

    private void conclude(List<Step> steps, Optional<Evaluation> before, Optional<Evaluation> after) {
        Optional<EvaluationRows> rowsBefore = before.map(EvaluationRows::of);
        Optional<EvaluationRows> rowsAfter = after.map(EvaluationRows::of);
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("outcome", "finished");
            result.put("model", directory.toString());
            result.put("steps", steps.size());
            result.put("answers", (long) steps.size() * plan.settings().questionsPerStep());
            result.put("first_loss", steps.getFirst().loss());
            result.put("last_loss", steps.getLast().loss());
            rowsBefore.ifPresent(rows -> result.put("before", rows));
            rowsAfter.ifPresent(rows -> result.put("after", rows));
            terminal.out().println(Json.line(result));
            return;
        }
        if (rowsBefore.isPresent() && rowsAfter.isPresent()) {
            terminal.out().print("\n" + new Comparison(rowsBefore.get(), rowsAfter.get()).text() + "\n");
        }
        terminal.out()
                .println(String.format(
                        Locale.ROOT,
                        "finished: loss %.3f -> %.3f in %d steps, model in %s",
                        steps.getFirst().loss(),
                        steps.getLast().loss(),
                        steps.size(),
                        directory));
    }

    private int stopped(String sentence) {
        terminal.err().println("railhead: " + sentence);
        return STOPPED;
    }

    private String line(Step step, double seconds) {
        return String.format(
                Locale.ROOT,
                "step %d/%d  loss %.4f  learning rate %.1e  gradient %.2f  %d answer tokens  %.0f s",
                step.number(),
                plan.settings().steps(),
                step.loss(),
                step.learningRate(),
                step.gradientNorm(),
                step.answerTokens(),
                seconds);
    }
}
