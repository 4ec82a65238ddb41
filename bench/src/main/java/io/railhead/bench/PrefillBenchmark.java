package io.railhead.bench;

import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.WeightsSnapshot;
import io.railhead.policy.djl.DjlGenerationEngine;
import io.railhead.policy.djl.EngineLimits;
import io.railhead.policy.djl.EngineOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How long a policy takes from a question about a map to the first token of its answer. What the vision tower makes of
/// a picture is kept until the weights change, so there are two figures: with the tower, as for the first question
/// about a picture after each train step, and with a picture that is known, as for all further ones. The picture is
/// decoded before.
final class PrefillBenchmark implements Benchmark {
    private static final int SLOT_TOKENS = 512;

    private final Optional<String> model;

    /// @param model a size or a folder; without it the embedded model's size
    PrefillBenchmark(Optional<String> model) {
        this.model = model;
    }

    @Override
    public List<Figure> run(Loop loop) throws IOException {
        String name = model.orElse(ModelSize.EMBEDDED.wireName());
        Optional<ModelSize> size = ModelSize.of(name);
        if (size.isEmpty()) {
            return figures(loop, "folder", ModelDirectory.open(Path.of(name)));
        }
        try (RandomModel made = RandomModel.create(size.get(), SEED)) {
            return figures(loop, name, made.directory());
        }
    }

    private static List<Figure> figures(Loop loop, String name, ModelDirectory folder) throws IOException {
        Prompt prompt = RandomModel.prompts(SEED, 1).getFirst();
        WeightsSnapshot weights = new WeightsSnapshot(PolicyVersion.BASE, folder.weights());
        try (GenerationEngine engine =
                DjlGenerationEngine.open(folder, weights, EngineOptions.of(EngineLimits.of(1, SLOT_TOKENS)))) {
            Unit unit = Unit.millisecondsPer("question");
            return List.of(
                    loop.measure("prefill/" + name, unit, new AfterTrainStep(engine, weights.tensors(), prompt)),
                    loop.measure("prefill/" + name + "/known", unit, () -> answered(engine, prompt)));
        }
    }

    /// The same weights under another number, and a question.
    private record AfterTrainStep(GenerationEngine engine, List<NamedTensor> tensors, Prompt prompt) implements Work {
        @Override
        public void prepare() {
            engine.swap(new WeightsSnapshot(engine.version().next(), tensors));
        }

        @Override
        public long run() {
            return answered(engine, prompt);
        }
    }

    private static long answered(GenerationEngine engine, Prompt prompt) {
        engine.submit(new GenerationRequest("bench", prompt, List.of(0), SamplingParams.greedy(1), SEED));
        while (engine.pending() > 0) {
            engine.step();
        }
        return 1;
    }
}
