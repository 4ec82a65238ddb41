package io.railhead.app.command;

import io.railhead.actors.stage.LateLeases;
import io.railhead.app.run.UsageException;
import io.railhead.app.simulate.Simulation;
import io.railhead.app.simulate.SimulationFailedException;
import io.railhead.app.simulate.SimulationPlan;
import io.railhead.app.simulate.SimulationReport;
import io.railhead.app.simulate.SimulationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `railhead simulate`.
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "What a staleness bound and a number of devices come to, without the devices: the real controller,"
                        + " worker, reward and learner actors on a virtual clock, with engines that only take time."
                        + " Equal options give equal results.")
final class SimulateCommand implements Callable<Integer> {
    @Option(
            names = "--sweep",
            split = ",",
            paramLabel = "K",
            description = "Simulates each of these staleness bounds, separated by commas.")
    private List<Integer> sweep = new ArrayList<>();

    @Option(
            names = "--sweep-rollouts",
            split = ",",
            paramLabel = "N",
            description = "Simulates each of these numbers of rollout devices, with each bound.")
    private List<Integer> sweepRollouts = new ArrayList<>();

    @Option(
            names = "--baseline",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Simulates the synchronous schedules too, to compare with (default: yes).")
    private boolean baseline = true;

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    @Option(names = "--out", paramLabel = "DIR", description = "Writes simulation.json and simulation.html there.")
    private @Nullable Path out;

    @Mixin
    private SimulationOptions options = new SimulationOptions();

    private final Terminal terminal;

    SimulateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        SimulationOptions.Planned planned = options.plan();
        SimulationPlan plan = planned.plan();
        List<SimulationPlan> plans = new ArrayList<>();
        for (int workers : sweepRollouts.isEmpty() ? List.of(plan.workers()) : sweepRollouts) {
            for (int staleness : sweep.isEmpty() ? List.of(plan.maxStaleness()) : sweep) {
                plans.add(plan.withWorkers(workers).withMaxStaleness(staleness));
            }
        }
        if (baseline) {
            plans.add(plan.withMaxStaleness(0));
            plans.add(plan.colocated(planned.learnerDevices()));
        }
        List<SimulationResult> results = run(plans);
        int count = plans.size() - (baseline ? 2 : 0);
        SimulationReport report = new SimulationReport(
                SimulationReport.assumptions(plan, planned.source()),
                results.subList(0, count),
                baseline ? Optional.of(results.get(count)) : Optional.empty(),
                baseline ? Optional.of(results.get(count + 1)) : Optional.empty());
        show(report, results);
        return 0;
    }

    private void show(SimulationReport report, List<SimulationResult> results) throws IOException {
        if (out != null) {
            Files.createDirectories(out);
            Files.writeString(out.resolve("simulation.json"), Json.line(report.json()) + "\n");
            Files.writeString(out.resolve("simulation.html"), report.html());
        }
        if (json) {
            terminal.out().println(Json.line(report.json()));
            return;
        }
        terminal.out().print(report.text());
        for (SimulationResult result : results) {
            terminal.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%d rollouts, staleness %d: %d steps, %.1f virtual hours, %d tasks of actors in %.1f s",
                            result.workers(),
                            result.maxStaleness(),
                            result.allSteps(),
                            result.seconds() / 3600,
                            result.tasks(),
                            result.realSeconds()));
        }
    }

    /// Each simulation has a thread of its own, as many at a time as there are processors.
    private static List<SimulationResult> run(List<SimulationPlan> plans) throws InterruptedException {
        int threads = Math.min(plans.size(), Runtime.getRuntime().availableProcessors());
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<SimulationResult>> results =
                    pool.invokeAll(plans.stream().map(SimulateCommand::task).toList());
            List<SimulationResult> done = new ArrayList<>();
            for (Future<SimulationResult> result : results) {
                done.add(result.get());
            }
            return done;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SimulationFailedException failure) {
                throw new UsageException(String.valueOf(failure.getMessage()), failure);
            }
            throw new IllegalStateException("a simulation failed", e.getCause());
        }
    }

    private static Callable<SimulationResult> task(SimulationPlan plan) {
        return () -> Simulation.run(plan);
    }

    /// How a choice is written.
    static LateLeases lateLeases(String text) {
        return LateLeases.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
