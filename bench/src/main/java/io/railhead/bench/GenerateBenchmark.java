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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// How many tokens a second policies of several sizes generate, after one question about a map: greedy and sampled by
/// the number of sequences at a time, without the prompt's computation and the first token, which comes with it; and a
/// group of eight with both.
final class GenerateBenchmark implements Benchmark {
    private static final List<Integer> BATCHES = List.of(1, 8, 32);
    private static final int GROUP = 8;
    private static final int STEPS = 48; // decode steps a slice
    private static final int SLOT_TOKENS = 512;

    private final List<String> models;

    /// @param model a size or a folder; without it the two smaller sizes
    GenerateBenchmark(Optional<String> model) {
        this.models = model.map(List::of).orElse(List.of(ModelSize.EMBEDDED.wireName(), ModelSize.SMALL.wireName()));
    }

    @Override
    public List<Figure> run(Loop loop) throws IOException {
        Prompt prompt = RandomModel.prompts(SEED, 1).getFirst();
        var figures = new ArrayList<Figure>();
        for (String model : models) {
            Optional<ModelSize> size = ModelSize.of(model);
            if (size.isPresent()) {
                try (RandomModel made = RandomModel.create(size.get(), SEED)) {
                    figures.addAll(figures(loop, model, made.directory(), prompt));
                }
            } else {
                Path folder = Path.of(model);
                figures.addAll(figures(loop, "folder", ModelDirectory.open(folder), prompt));
            }
        }
        return List.copyOf(figures);
    }

    private static List<Figure> figures(Loop loop, String name, ModelDirectory model, Prompt prompt)
            throws IOException {
        String prefix = "generate/" + name + "/";
        Unit unit = Unit.perSecond("tokens");
        SamplingParams greedy = SamplingParams.greedy(STEPS + 1);
        SamplingParams sampled = SamplingParams.plain(STEPS + 1, 1);
        var figures = new ArrayList<Figure>();
        for (int batch : BATCHES) {
            try (GenerationEngine engine = engine(model, batch)) {
                figures.add(loop.measure(prefix + "greedy-" + batch, unit, new Decoding(engine, prompt, greedy)));
                figures.add(loop.measure(prefix + "sampled-" + batch, unit, new Decoding(engine, prompt, sampled)));
                if (batch == GROUP) {
                    figures.add(loop.measure(prefix + "group-" + batch, unit, new Group(engine, prompt, sampled)));
                }
            }
        }
        return figures;
    }

    /// Without a stop token, so that the batch stays full.
    private static GenerationEngine engine(ModelDirectory model, int slots) throws IOException {
        ModelDirectory endless = model.withStopTokenIds(Set.of());
        return DjlGenerationEngine.open(
                endless,
                new WeightsSnapshot(PolicyVersion.BASE, model.weights()),
                EngineOptions.of(EngineLimits.of(slots, SLOT_TOKENS)));
    }

    private static GenerationRequest group(GenerationEngine engine, Prompt prompt, SamplingParams sampling) {
        List<Integer> samples = IntStream.range(0, engine.slots()).boxed().toList();
        return new GenerationRequest("bench", prompt, samples, sampling, SEED);
    }

    private static long drain(GenerationEngine engine) {
        long tokens = 0;
        while (engine.pending() > 0) {
            tokens += engine.pending();
            engine.step();
        }
        return tokens;
    }

    /// One group that fills all slots, from its second token to its last.
    private static final class Decoding implements Work {
        private final GenerationEngine engine;
        private final GenerationRequest request;

        Decoding(GenerationEngine engine, Prompt prompt, SamplingParams sampling) {
            this.engine = engine;
            this.request = group(engine, prompt, sampling);
        }

        @Override
        public void prepare() {
            engine.submit(request);
            engine.step();
        }

        @Override
        public long run() {
            return drain(engine);
        }
    }

    /// One group that fills all slots, from its prompt to its last token.
    private static final class Group implements Work {
        private final GenerationEngine engine;
        private final GenerationRequest request;

        Group(GenerationEngine engine, Prompt prompt, SamplingParams sampling) {
            this.engine = engine;
            this.request = group(engine, prompt, sampling);
        }

        @Override
        public long run() {
            engine.submit(request);
            return drain(engine);
        }
    }
}
