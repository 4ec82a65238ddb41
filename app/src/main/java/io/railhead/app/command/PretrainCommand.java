package io.railhead.app.command;

import io.railhead.app.pretrain.CompactModel;
import io.railhead.app.pretrain.Pretraining;
import io.railhead.app.pretrain.PretrainingRecipe;
import io.railhead.app.run.UsageException;
import io.railhead.policy.Bfloat16;
import io.railhead.policy.EmbeddedModel;
import io.railhead.policy.InitialWeights;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.TowerFile;
import io.railhead.policy.djl.DjlTokenizer;
import io.railhead.policy.djl.DjlTrainablePolicy;
import io.railhead.policy.djl.TrainingOptions;
import io.railhead.policy.vision.ConvolutionalTower;
import io.railhead.policy.vision.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `railhead pretrain`: makes a base model in the shape of the embedded one.
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        description = "Makes a base model for the embedded default by supervised learning on generated maps.")
final class PretrainCommand implements Callable<Integer> {
    private static final int REPORT_EVERY = 50;

    @Parameters(paramLabel = "DIR", description = "Where the model folder is written; it must not exist.")
    private Path directory = Path.of("");

    @Option(names = "--seed", paramLabel = "S", description = "Seed of weights, maps and questions (default: 1).")
    private long seed = PretrainingRecipe.EMBEDDED.seed();

    @Option(names = "--align-steps", paramLabel = "N", description = "Steps of the vision tower alone.")
    private int alignmentSteps = PretrainingRecipe.EMBEDDED.phases().alignment();

    @Option(names = "--lookup-steps", paramLabel = "N", description = "Steps of look-ups.")
    private int lookupSteps = PretrainingRecipe.EMBEDDED.phases().lookups();

    @Option(names = "--mixture-steps", paramLabel = "N", description = "Steps of all questions.")
    private int mixtureSteps = PretrainingRecipe.EMBEDDED.phases().mixture();

    @Option(
            names = "--habit-steps",
            paramLabel = "N",
            description =
                    "Steps in which most questions are answered without looking; 0 makes a model that always looks.")
    private int habitSteps = PretrainingRecipe.EMBEDDED.phases().habits();

    @Mixin
    private TowerOptions tower = new TowerOptions();

    @Option(names = "--json", description = "One JSON object for each line of progress instead of text.")
    private boolean json;

    private final Terminal terminal;

    PretrainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (Files.exists(directory)) {
            throw new UsageException(directory + " exists: give a new directory");
        }
        PretrainingRecipe recipe = PretrainingRecipe.EMBEDDED.with(
                seed, new PretrainingRecipe.Steps(alignmentSteps, lookupSteps, mixtureSteps, habitSteps));
        ModelDirectory model = untrained();
        try (DjlTokenizer tokenizer = DjlTokenizer.open(model.tokenizerFile());
                var policy = DjlTrainablePolicy.open(directory, TrainingOptions.DEFAULT.withBatchStatistics(true))) {
            var pretraining = new Pretraining(recipe, model, policy, tokenizer);
            long start = System.nanoTime();
            while (!pretraining.finished()) {
                Pretraining.Progress progress = pretraining.next();
                if ((progress.step() + 1) % REPORT_EVERY == 0 || pretraining.finished()) {
                    double seconds = (System.nanoTime() - start) / 1e9;
                    terminal.out()
                            .println(json ? jsonLine(recipe, progress, seconds) : line(recipe, progress, seconds));
                }
            }
            SafetensorsFile.write(
                    directory.resolve(SafetensorsFile.SINGLE),
                    policy.snapshot(PolicyVersion.BASE).tensors().stream()
                            .map(weight -> Weight.isStatistic(weight.name()) ? weight : Bfloat16.of(weight))
                            .toList(),
                    Map.of("format", "pt"));
        }
        return 0;
    }

    private ModelDirectory untrained() throws IOException {
        Optional<ConvolutionalTower> convolutional = tower.tower(CompactModel.WIDTH);
        Optional<Path> towerWeights = tower.weights();
        ModelDirectory model = convolutional.isPresent()
                ? CompactModel.create(directory, convolutional.get())
                : EmbeddedModel.unpack(directory);
        List<NamedTensor> weights = InitialWeights.random(model.config(), InitialWeights.Style.MIMETIC, seed);
        SafetensorsFile.write(
                directory.resolve(SafetensorsFile.SINGLE),
                towerWeights.isPresent() ? TowerFile.over(weights, towerWeights.get()) : weights,
                Map.of("format", "pt"));
        return model;
    }

    private static String line(PretrainingRecipe recipe, Pretraining.Progress progress, double seconds) {
        return String.format(
                Locale.ROOT,
                "step %d/%d  alignment %s  answers %s  learning rate %.1e  %.0f s",
                progress.step() + 1,
                recipe.steps(),
                number(progress.alignment()),
                number(progress.answers()),
                progress.learningRate(),
                seconds);
    }

    private static String jsonLine(PretrainingRecipe recipe, Pretraining.Progress progress, double seconds) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", progress.step() + 1);
        line.put("steps", recipe.steps());
        line.put("alignment", measured(progress.alignment()));
        line.put("answers", measured(progress.answers()));
        line.put("learning_rate", progress.learningRate());
        line.put("seconds", seconds);
        return Json.line(line);
    }

    /// A loss that a phase does not have is none.
    private static Optional<Double> measured(double value) {
        return Double.isNaN(value) ? Optional.empty() : Optional.of(value);
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }
}
