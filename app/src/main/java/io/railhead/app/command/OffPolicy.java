package io.railhead.app.command;

import io.railhead.app.ablation.ResultLines;
import io.railhead.app.run.RunPlan;
import io.railhead.app.run.StopRequest;
import io.railhead.app.stale.StaleArm;
import io.railhead.app.stale.StaleResult;
import io.railhead.app.stale.StaleRun;
import io.railhead.app.stale.StaleTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// One `off-policy`: each arm that has no result yet, some at a time, and the tables, which are written anew after
/// each.
final class OffPolicy {
    private final Path folder;
    private final ResultLines<StaleResult> results;
    private final StopRequest stop;
    private final boolean json;
    private final Terminal terminal;
    private final PrintStream progress;

    interface Plans {
        RunPlan of(StaleArm arm) throws IOException;
    }

    OffPolicy(Terminal terminal, Path folder, ResultLines<StaleResult> results, StopRequest stop, boolean json) {
        this.terminal = terminal;
        this.folder = folder;
        this.results = results;
        this.stop = stop;
        this.json = json;
        this.progress = json ? terminal.err() : terminal.out();
    }

    /// @return the exit status
    int run(List<StaleArm> arms, int parallel, Plans plans) throws IOException, InterruptedException {
        List<StaleArm> missing = arms.stream()
                .filter(arm -> results.results().stream()
                        .noneMatch(result -> result.arm().equals(arm)))
                .toList();
        progress.println("%d runs, %d of them known".formatted(arms.size(), arms.size() - missing.size()));
        try (ExecutorService threads = Executors.newFixedThreadPool(parallel)) {
            CompletionService<Optional<StaleResult>> running = new ExecutorCompletionService<>(threads);
            missing.forEach(arm -> running.submit(() -> new StaleRun(arm, plans.of(arm), stop).run()));
            for (int i = 0; i < missing.size(); i++) {
                Optional<StaleResult> result = next(running);
                if (result.isPresent()) {
                    results.append(result.get());
                    writeTables();
                    tell(result.get());
                }
            }
        }
        if (stop.isRequested()) {
            progress.println("stopped; the same command goes on");
        }
        if (results.results().isEmpty()) {
            return 1;
        }
        StaleTable table = writeTables();
        terminal.out().print(json ? table.json() + "\n" : "\n" + table.markdown() + "\n");
        progress.println("tables " + folder.resolve("off-policy.md") + ", " + folder.resolve("off-policy.json"));
        return 0;
    }

    /// A failure stops the others as well: whoever started this may have to change a setting.
    private Optional<StaleResult> next(CompletionService<Optional<StaleResult>> running) throws InterruptedException {
        try {
            return running.take().get();
        } catch (ExecutionException e) {
            stop.request();
            throw new IllegalStateException(
                    Objects.requireNonNullElse(e.getCause(), e).getMessage(), e);
        } catch (InterruptedException e) {
            stop.request();
            throw e;
        }
    }

    private void tell(StaleResult result) {
        progress.println(String.format(
                Locale.ROOT,
                "%s: reward %.3f to %.3f, held-out %.1f %%, effective samples %.3f, in %.0f s",
                result.arm(),
                result.firstReward(),
                result.finalReward(),
                result.heldOut(),
                result.effectiveSamples(),
                result.seconds()));
    }

    private StaleTable writeTables() throws IOException {
        StaleTable table = new StaleTable(results.results());
        Files.writeString(folder.resolve("off-policy.md"), table.markdown());
        Files.writeString(folder.resolve("off-policy.json"), table.json() + "\n");
        return table;
    }
}
