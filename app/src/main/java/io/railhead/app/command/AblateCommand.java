package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.actors.cluster.Role;
import io.railhead.app.ablation.AblationSettings;
import io.railhead.app.ablation.Arm;
import io.railhead.app.ablation.Arms;
import io.railhead.app.ablation.ResultsFile;
import io.railhead.app.run.LayeredConfig;
import io.railhead.app.run.RunDirectory;
import io.railhead.app.run.RunPlan;
import io.railhead.app.run.StopRequest;
import io.railhead.app.run.StopSignals;
import io.railhead.app.run.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `railhead ablate`.
@Command(
        name = "ablate",
        mixinStandardHelpOptions = true,
        description = "Trains in several ways on equal budgets, with several seeds, and compares what came of it:"
                + " RewardMap's ablation, or one's own. The same --out goes on where it was stopped.")
final class AblateCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(
            names = "--arms",
            split = ",",
            paramLabel = "ARM",
            description = "What is compared (default: the paper's arms; --list names all).")
    private @Nullable List<String> names;

    @Option(
            names = "--seeds",
            split = ",",
            paramLabel = "N",
            description = "One run of each arm with each seed (default: 1).")
    private List<Long> seeds = List.of(1L);

    @Option(names = "--steps", paramLabel = "N", description = "Train steps of each run (stage.steps).")
    private @Nullable Long steps;

    @Option(
            names = "--time-limit",
            paramLabel = "TIME",
            description = "The longest that a run trains, such as 3m (run.time-limit), however many its steps.")
    private @Nullable String timeLimit;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where runs and tables go (default: runs/ablation-<date-time>).")
    private @Nullable Path out;

    @Option(
            names = "--arms-file",
            paramLabel = "FILE",
            description = "Arms of one's own, written as the built-in ones are.")
    private @Nullable Path armsFile;

    @Option(
            names = "--against",
            split = ",",
            paramLabel = "ARM",
            description =
                    "What the others are compared with (default: the baselines that have run); `base` is the model"
                            + " before training.")
    private @Nullable List<String> against;

    @Option(names = "--list", description = "Names all arms and runs none.")
    private boolean list;

    @Option(names = "--json", description = "One JSON object at the end instead of tables.")
    private boolean json;

    private final Terminal terminal;

    AblateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Arms arms = armsFile == null ? Arms.builtIn() : Arms.builtIn().with(armsFile);
        if (list) {
            arms.byName().values().forEach(arm -> terminal.out().printf("%-24s %s%n", arm.name(), arm.description()));
            return 0;
        }
        List<Arm> chosen = (names == null ? arms.usual() : names)
                .stream().distinct().map(arms::get).toList();
        List<String> others = against == null ? arms.against() : against;
        others.stream().filter(name -> !name.equals(Arm.BASE)).forEach(arms::get);
        LayeredConfig layers = config.layers(options());
        Config base = layers.resolve();
        RunPlan plan = RunPlan.of(base);
        plan.requireMachine(EnumSet.allOf(Role.class));
        ArmBudget budget = ArmBudget.of(plan.stage(), plan.run().timeLimit());
        for (Arm arm : chosen) {
            new ArmPlan(arm, seeds.getFirst(), budget, layers).check();
        }
        Path folder = out == null
                ? RunDirectory.RUNS.resolve("ablation-"
                        + RunDirectory.fresh(LocalDateTime.now(ZoneId.systemDefault()))
                                .getFileName())
                : out;
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new UsageException(folder + " is a file");
        }
        StopRequest stop = new StopRequest();
        StopSignals.install(stop::request);
        Files.createDirectories(folder);
        try (ResultsFile results = ResultsFile.open(folder.resolve("results.jsonl"))) {
            AblationSettings.keep(folder.resolve("ablation.conf"), base, chosen);
            Ablation ablation = new Ablation(terminal, folder, plan, arms, others, results, stop, json);
            return ablation.run(chosen, seeds.stream().distinct().toList(), budget, layers);
        }
    }

    private Map<String, Object> options() {
        Map<String, Object> options = new HashMap<>(data.settings());
        options.putAll(model.settings());
        if (steps != null) {
            options.put("railhead.stage.steps", steps);
        }
        if (timeLimit != null) {
            options.put("railhead.run.time-limit", timeLimit);
        }
        return options;
    }
}
