package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.actors.cluster.Role;
import io.railhead.app.run.ConfigChange;
import io.railhead.app.run.LayeredConfig;
import io.railhead.app.run.ResumeRules;
import io.railhead.app.run.RunDirectory;
import io.railhead.app.run.RunPlan;
import io.railhead.app.run.RunSettings;
import io.railhead.app.run.UsageException;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `railhead train`.
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Trains on this machine, all roles in this process; without options the built-in example.")
final class TrainCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(names = "--run-dir", paramLabel = "DIR", description = "Where the run lives (default: runs/<date-time>).")
    private @Nullable Path runDir;

    @Option(names = "--resume", description = "Goes on with the run in --run-dir, or with the newest one.")
    private boolean resume;

    @Option(names = "--steps", paramLabel = "N", description = "Train steps of the whole run (stage.steps).")
    private @Nullable Long steps;

    @Option(names = "--seed", paramLabel = "N", description = "Of prompts and sampling (stage.seed).")
    private @Nullable Long seed;

    @Option(
            names = "--max-staleness",
            paramLabel = "K",
            description = "Train steps between sampling and training (stage.max-staleness); 0 is synchronous.")
    private @Nullable Integer maxStaleness;

    @Option(names = "--dry-run", description = "Only shows the settings and the actors that would start.")
    private boolean dryRun;

    @Option(names = "--json", description = "One JSON object at the end instead of text.")
    private boolean json;

    private static final Checkpoints.Latest NO_CHECKPOINT = new Checkpoints.Latest(Optional.empty(), List.of());

    private final Terminal terminal;

    TrainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, CheckpointException, InterruptedException {
        LayeredConfig layers = config.layers(options());
        return resume ? goOn(layers) : begin(layers);
    }

    private int begin(LayeredConfig layers) throws IOException, CheckpointException, InterruptedException {
        Config resolved = layers.resolve();
        Path root = RunSettings.from(resolved)
                .dir()
                .orElseGet(() -> RunDirectory.fresh(LocalDateTime.now(ZoneId.systemDefault())));
        RunDirectory.refuseUnlessVacant(root);
        RunPlan plan = RunPlan.of(resolved);
        plan.requireMachine(EnumSet.allOf(Role.class));
        if (dryRun) {
            return show(plan);
        }
        try (RunDirectory directory = RunDirectory.create(root, resolved)) {
            return new Training(terminal, plan, directory, json).run(NO_CHECKPOINT);
        }
    }

    private int goOn(LayeredConfig layers) throws IOException, CheckpointException, InterruptedException {
        Path root = runDir != null
                ? runDir
                : RunDirectory.newest(RunDirectory.RUNS)
                        .orElseThrow(() -> new UsageException("no run to resume in " + RunDirectory.RUNS));
        if (!RunDirectory.holdsRun(root)) {
            throw new UsageException("no run to resume in " + root);
        }
        Config earlier = RunDirectory.configOf(root);
        Config resolved = layers.resolveOver(earlier);
        List<ConfigChange> changes = ResumeRules.accept(earlier, resolved);
        RunPlan plan = RunPlan.of(resolved);
        plan.requireMachine(EnumSet.allOf(Role.class));
        if (dryRun) {
            return show(plan);
        }
        Checkpoints.Latest latest = Checkpoints.latest(root);
        if (latest.checkpoint().isEmpty() && !latest.skipped().isEmpty()) {
            throw latest.skipped().getFirst();
        }
        try (RunDirectory directory = RunDirectory.open(root)) {
            directory.writeConfig(resolved);
            changes.stream()
                    .filter(change -> !json && !change.key().equals("run.dir"))
                    .forEach(change -> terminal.out().println("from here on " + change));
            return new Training(terminal, plan, directory, json).run(latest);
        }
    }

    private int show(RunPlan plan) {
        new DryRun(plan, EnumSet.allOf(Role.class)).print(terminal, json);
        return 0;
    }

    private Map<String, Object> options() {
        Map<String, Object> options = new HashMap<>(data.settings());
        options.putAll(model.settings());
        if (runDir != null) {
            options.put("railhead.run.dir", runDir.toString());
        }
        if (steps != null) {
            options.put("railhead.stage.steps", steps);
        }
        if (seed != null) {
            options.put("railhead.stage.seed", seed);
        }
        if (maxStaleness != null) {
            options.put("railhead.stage.max-staleness", maxStaleness);
        }
        return options;
    }
}
