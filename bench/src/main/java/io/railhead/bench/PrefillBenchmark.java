package io.railhead.bench;

import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.ModelDirectory;
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

/// How long a policy takes from a question about a map to the first token of its answer: vision tower and decoder. The
/// picture's patches are known from the first time on.
final class PrefillBenchmark implements Benchmark {
    private static final int SLOT_TOKENS = 512;
    private static final int QUESTIONS = 8; // a slice

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
            return List.of(figure(loop, "folder", ModelDirectory.open(Path.of(name))));
        }
        try (RandomModel made = RandomModel.create(size.get(), SEED)) {
            return List.of(figure(loop, name, made.directory()));
        }
    }

    private static Figure figure(Loop loop, String name, ModelDirectory folder) throws IOException {
        Prompt prompt = RandomModel.prompts(SEED, 1).getFirst();
        try (GenerationEngine engine = DjlGenerationEngine.open(
                folder,
                new WeightsSnapshot(PolicyVersion.BASE, folder.weights()),
                EngineOptions.of(EngineLimits.of(1, SLOT_TOKENS)))) {
            return loop.measure("prefill/" + name, Unit.millisecondsPer("question"), () -> answered(engine, prompt));
        }
    }

    private static long answered(GenerationEngine engine, Prompt prompt) {
        for (int i = 0; i < QUESTIONS; i++) {
            engine.submit(new GenerationRequest("bench", prompt, List.of(0), SamplingParams.greedy(1), SEED));
            while (engine.pending() > 0) {
                engine.step();
            }
        }
        return QUESTIONS;
    }
}
