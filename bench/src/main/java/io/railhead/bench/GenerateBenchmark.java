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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// How many tokens a second the embedded policy's shape decodes, by the number of sequences at a time. Prefill is not
/// counted, nor is the first token, which comes with it.
final class GenerateBenchmark implements Benchmark {
    private static final List<Integer> BATCHES = List.of(1, 8, 32);
    private static final int STEPS = 48; // decode steps a slice
    private static final int SLOT_TOKENS = 512;

    @Override
    public List<Figure> run(Loop loop) throws IOException {
        Prompt prompt = RandomModel.prompts(SEED, 1).getFirst();
        var figures = new ArrayList<Figure>();
        try (RandomModel model = RandomModel.create(SEED)) {
            for (int batch : BATCHES) {
                try (GenerationEngine engine = engine(model, batch)) {
                    figures.add(loop.measure(
                            "generate/batch-" + batch, Unit.perSecond("tokens"), new Decoding(engine, prompt)));
                }
            }
        }
        return List.copyOf(figures);
    }

    /// Without a stop token, so that the batch stays full.
    private static GenerationEngine engine(RandomModel model, int slots) throws IOException {
        ModelDirectory endless = new ModelDirectory(
                model.directory().path(),
                model.directory().config(),
                model.directory().imageProcessor(),
                Set.of());
        return DjlGenerationEngine.open(
                endless,
                new WeightsSnapshot(PolicyVersion.BASE, model.weights()),
                EngineOptions.of(EngineLimits.of(slots, SLOT_TOKENS)));
    }

    /// One group that fills all slots, from its second token to its last.
    private static final class Decoding implements Work {
        private final GenerationEngine engine;
        private final GenerationRequest request;

        Decoding(GenerationEngine engine, Prompt prompt) {
            this.engine = engine;
            List<Integer> samples = IntStream.range(0, engine.slots()).boxed().toList();
            this.request = new GenerationRequest("bench", prompt, samples, SamplingParams.plain(STEPS + 1, 1.0), SEED);
        }

        @Override
        public void prepare() {
            engine.submit(request);
            engine.step();
        }

        @Override
        public long run() {
            long tokens = 0;
            while (engine.pending() > 0) {
                tokens += engine.pending();
                engine.step();
            }
            return tokens;
        }
    }
}
