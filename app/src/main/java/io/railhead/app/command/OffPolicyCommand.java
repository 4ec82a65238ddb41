package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.actors.cluster.Role;
import io.railhead.app.ablation.AblationSettings;
import io.railhead.app.ablation.Arm;
import io.railhead.app.ablation.ResultLines;
import io.railhead.app.run.LayeredConfig;
import io.railhead.app.run.RunPlan;
import io.railhead.app.run.StopRequest;
import io.railhead.app.run.StopSignals;
import io.railhead.app.run.UsageException;
import io.railhead.app.stale.StaleArm;
import io.railhead.app.stale.StaleResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

/// `railhead off-policy`.
@Command(
        name = "off-policy",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "What staleness costs each objective: trains with presets of the learner on responses that were"
                + " sampled with weights exactly so many train steps old, without actors and reproducibly. The same --out"
                + " goes on where it was stopped.")
final class OffPolicyCommand implements Callable<Integer> {
    private static final String PRESET = "learner.preset=";
    private static final int MOST = 1024;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(
            names = "--presets",
            split = ",",
            paramLabel = "NAME",
            description = "Presets of the learner (docs/algorithms.md); what --set says of learner.* holds for all.")
    private List<String> presets = List.of("rewardmap", "areal", "tis", "icepop");

    @Option(
            names = "--staleness",
            split = ",",
            paramLabel = "K",
            description = "How many train steps old the sampling weights are (default: 0,1,4,8).")
    private List<Integer> staleness = List.of(0, 1, 4, 8);

    @Option(
            names = "--seeds",
            split = ",",
            paramLabel = "N",
            description = "One run of each with each seed (default: 1).")
    private List<Long> seeds = List.of(1L);

    @Option(names = "--steps", paramLabel = "N", description = "Train steps of each run (stage.steps).")
    private @Nullable Long steps;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Runs at a time; start with OMP_NUM_THREADS=1 then (default: 1).")
    private int parallel = 1;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where results and tables go.")
    private Path out = Path.of("");

    @Option(names = "--json", description = "One JSON object at the end instead of tables.")
    private boolean json;

    private final Terminal terminal;

    OffPolicyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireSensible();
        Map<String, Object> options = new HashMap<>(data.settings());
        options.putAll(model.settings());
        if (steps != null) {
            options.put("railhead.stage.steps", steps);
        }
        LayeredConfig layers = config.layers(options);
        Config base = layers.resolve();
        RunPlan.of(base).requireMachine(EnumSet.allOf(Role.class));
        for (String preset : presets) {
            RunPlan.of(of(layers, preset, seeds.getFirst()));
        }
        StopRequest stop = new StopRequest();
        StopSignals.install(stop::request);
        Files.createDirectories(out);
        try (ResultLines<StaleResult> results = ResultLines.open(out.resolve("off-policy.jsonl"), StaleResult.class)) {
            AblationSettings.keep(
                    out.resolve("off-policy.conf"),
                    base,
                    presets.stream().map(OffPolicyCommand::described).toList());
            return new OffPolicy(terminal, out, results, stop, json)
                    .run(arms(), parallel, arm -> RunPlan.of(of(layers, arm.preset(), arm.seed())));
        }
    }

    private void requireSensible() {
        if (parallel < 1 || parallel > MOST) {
            throw new UsageException("--parallel " + parallel + " is not from 1 to " + MOST);
        }
        staleness.stream().filter(k -> k < 0 || k > MOST).findAny().ifPresent(k -> {
            throw new UsageException("--staleness " + k + " is not from 0 to " + MOST);
        });
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new UsageException(out + " is a file");
        }
    }

    private static Arm described(String preset) {
        return new Arm(preset, preset, Map.of("learner.preset", preset), 0, Optional.empty());
    }

    /// Seed by seed, so that a table over all presets is there early.
    private List<StaleArm> arms() {
        List<StaleArm> arms = new ArrayList<>();
        for (long seed : seeds.stream().distinct().toList()) {
            for (int k : staleness.stream().distinct().toList()) {
                presets.stream().distinct().forEach(preset -> arms.add(new StaleArm(preset, k, seed)));
            }
        }
        return arms;
    }

    /// The preset stands in the layer of `--set`, below what else the user sets there.
    private static Config of(LayeredConfig layers, String preset, long seed) {
        List<String> assignments = new ArrayList<>(List.of(PRESET + preset));
        assignments.addAll(layers.assignments());
        Map<String, Object> options = new HashMap<>(layers.options());
        options.put("railhead.stage.seed", seed);
        return new LayeredConfig(layers.profile(), layers.file(), assignments, options).resolve();
    }
}
