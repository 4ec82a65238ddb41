package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.app.run.StopRequest;
import io.railhead.app.run.StopSignals;
import io.railhead.app.run.UsageException;
import io.railhead.app.supervised.SupervisedPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `railhead sft`.
@Command(
        name = "sft",
        mixinStandardHelpOptions = true,
        description = "Trains a model on the right answers to the training questions, and writes it to a new folder.")
final class SftCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Where the model folder is written; it must not exist.")
    private Path directory = Path.of("");

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(names = "--steps", paramLabel = "N", description = "Optimiser steps (supervised.steps).")
    private @Nullable Integer steps;

    @Option(names = "--seed", paramLabel = "N", description = "Of the order of questions (supervised.seed).")
    private @Nullable Long seed;

    @Option(names = "--json", description = "One JSON object at the end instead of text.")
    private boolean json;

    private final Terminal terminal;

    SftCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (Files.exists(directory)) {
            throw new UsageException(directory + " exists: give a new directory");
        }
        Config resolved = config.resolve(options());
        SupervisedPlan plan = SupervisedPlan.of(resolved);
        plan.requireMachine();
        StopRequest stop = new StopRequest();
        StopSignals.install(stop::request);
        return new SupervisedRun(terminal, plan, directory, json, stop).run();
    }

    private Map<String, Object> options() {
        Map<String, Object> options = new HashMap<>(data.settings());
        options.putAll(model.settings());
        if (steps != null) {
            options.put("railhead.supervised.steps", steps);
        }
        if (seed != null) {
            options.put("railhead.supervised.seed", seed);
        }
        return options;
    }
}
