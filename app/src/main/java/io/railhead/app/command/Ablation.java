package io.railhead.app.command;

import io.railhead.app.ablation.AblationReport;
import io.railhead.app.ablation.AblationTable;
import io.railhead.app.ablation.Arm;
import io.railhead.app.ablation.ArmAnswer;
import io.railhead.app.ablation.ArmResult;
import io.railhead.app.ablation.Arms;
import io.railhead.app.ablation.ResultsFile;
import io.railhead.app.report.EvaluationRows;
import io.railhead.app.run.Evaluation;
import io.railhead.app.run.LayeredConfig;
import io.railhead.app.run.RunFailedException;
import io.railhead.app.run.RunPlan;
import io.railhead.app.run.StopRequest;
import io.railhead.app.run.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One `ablate`: the base's evaluation, then each seed of each arm that has no result yet, and the tables, which are
/// written anew after each.
final class Ablation {
    private final Terminal terminal;
    private final Path folder;
    private final RunPlan base;
    private final Arms arms;
    private final List<String> against;
    private final ResultsFile results;
    private final StopRequest stop;
    private final boolean json;
    private final PrintStream progress;
    private final HeldOut heldOut;

    /// @param base the configuration that arms are laid over; its held-out questions are what all are asked
    Ablation(
            Terminal terminal,
            Path folder,
            RunPlan base,
            Arms arms,
            List<String> against,
            ResultsFile results,
            StopRequest stop,
            boolean json) {
        base.heldOut().items().forEach(item -> item.requireMap("ablate"));
        this.terminal = terminal;
        this.folder = folder;
        this.base = base;
        this.arms = arms;
        this.against = against;
        this.results = results;
        this.stop = stop;
        this.json = json;
        this.progress = json ? terminal.err() : terminal.out();
        this.heldOut = new HeldOut(
                terminal,
                base.heldOut(),
                base.eval(),
                base.reward(),
                base.policy().engine(),
                stop);
    }

    /// @return the exit status
    int run(List<Arm> chosen, List<Long> seeds, ArmBudget budget, LayeredConfig layers)
            throws IOException, InterruptedException {
        int failures = 0;
        try {
            evaluateBase();
            int run = 0;
            for (long seed : seeds) {
                for (Arm arm : chosen) {
                    String title = "arm %s, seed %d (%d of %d)"
                            .formatted(arm.name(), seed, ++run, seeds.size() * chosen.size());
                    if (results.has(arm.name(), seed)) {
                        progress.println(title + ": known");
                    } else {
                        progress.println(title);
                        failures += run(new ArmPlan(arm, seed, budget, layers)) ? 0 : 1;
                    }
                }
            }
        } catch (HeldOut.StoppedException _) {
            progress.println("stopped; the same command with --out " + folder + " goes on");
        }
        AblationReport report = writeTables();
        terminal.out().print(json ? report.json() + "\n" : "\n" + report.text() + "\n");
        progress.println("tables " + folder.resolve("ablation.md") + ", " + folder.resolve("ablation.json"));
        return failures > 0 ? 1 : 0;
    }

    private void evaluateBase() throws IOException {
        if (!results.has(Arm.BASE, 0)) {
            Evaluation evaluation = heldOut.ask(base.model(), "evaluation before training:")
                    .orElseThrow(() -> new UsageException("the data has no held-out question to compare by"));
            Files.writeString(folder.resolve("evaluation-base.json"), EvaluationRows.withAnswers(evaluation));
            results.append(ArmResult.ofBase(ArmAnswer.of(evaluation)));
        }
    }

    /// @return false if the run failed; it has no result then, and is run again by the next call
    private boolean run(ArmPlan plan) throws IOException, InterruptedException {
        Optional<EvaluationRows> before = EvaluationRows.read(folder.resolve("evaluation-base.json"));
        try {
            ArmResult result = new ArmRun(plan, folder, terminal, progress, heldOut, stop).run(before);
            results.append(result);
            writeTables();
            progress.println(String.format(
                    Locale.ROOT,
                    "arm %s, seed %d: %s after %d steps in %.0f s",
                    result.arm(),
                    result.seed(),
                    result.outcome(),
                    result.steps(),
                    result.seconds()));
            return true;
        } catch (RunFailedException e) {
            terminal.err()
                    .println("railhead: arm %s, seed %d failed: %s (details in %s)"
                            .formatted(plan.arm().name(), plan.seed(), e.getMessage(), e.log()));
            return false;
        }
    }

    private AblationReport writeTables() throws IOException {
        AblationReport report = new AblationReport(AblationTable.of(arms, results.results(), against));
        Files.writeString(folder.resolve("ablation.md"), report.markdown());
        Files.writeString(folder.resolve("ablation.json"), report.json() + "\n");
        return report;
    }
}
