package io.railhead.bench;

import io.railhead.policy.ModelDirectory;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.Prompt;
import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TokenScores;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.TrainingRow;
import io.railhead.policy.djl.DjlTrainablePolicy;
import io.railhead.policy.djl.TrainingOptions;
import io.railhead.transit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// How long training takes: a whole step of GRPO by the model, and a microbatch of the embedded policy's shape without
/// the optimiser's step after it.
final class TrainBenchmark implements Benchmark {
    private static final int ROWS = 16;
    private static final int CONTINUATIONS = 8;
    private static final int CONTINUATION_TOKENS = 24;
    private static final int BYTES = 256; // the first tokens of the vocabulary, none of them special
    private static final OptimizerStep STEP = new OptimizerStep(1e-5, 0.9, 0.95, 1e-8, 0, 1);

    private final Arguments arguments;

    TrainBenchmark(Arguments arguments) {
        this.arguments = arguments;
    }

    static TrainingOptions options(Arguments arguments) {
        return TrainingOptions.DEFAULT.withRecompute(arguments.has(Arguments.Option.RECOMPUTE));
    }

    @Override
    public List<Figure> run(Loop loop) throws IOException {
        List<Figure> figures = new ArrayList<>();
        String model = arguments.model().orElse(ModelSize.SMALL.wireName());
        if (arguments.model().isEmpty()) {
            figures.add(microbatch(loop));
        }
        Optional<ModelSize> size = ModelSize.of(model);
        if (size.isEmpty()) {
            figures.add(step(loop, Path.of(model), "folder"));
        } else {
            try (RandomModel random = RandomModel.create(size.get(), SEED)) {
                figures.add(step(loop, random.directory().path(), model));
            }
        }
        return List.copyOf(figures);
    }

    private Figure step(Loop loop, Path folder, String name) throws IOException {
        TrainWorkload workload = TrainWorkload.draw(ModelDirectory.open(folder).config(), SEED);
        try (TrainablePolicy policy = DjlTrainablePolicy.open(folder, options(arguments))) {
            boolean alone = arguments.has(Arguments.Option.ALONE);
            Work step = new GrpoStep(policy, alone ? workload.alone() : workload);
            return loop.measure("train/" + name, Unit.millisecondsPer("step"), step);
        }
    }

    private Figure microbatch(Loop loop) throws IOException {
        List<Prompt> prompts = RandomModel.prompts(SEED, ROWS);
        try (RandomModel model = RandomModel.create(SEED);
                TrainablePolicy policy =
                        DjlTrainablePolicy.open(model.directory().path(), options(arguments))) {
            return loop.measure(
                    "train/%dx%d".formatted(ROWS, CONTINUATIONS),
                    Unit.millisecondsPer("microbatch"),
                    new Training(policy, rows(policy, prompts)));
        }
    }

    private static List<TrainingRow> rows(TrainablePolicy policy, List<Prompt> prompts) {
        Random random = Seeds.random(SEED);
        return prompts.stream()
                .map(prompt -> new TrainingRow(
                        policy.tokenize(prompt),
                        prompt.images(),
                        IntStream.range(0, CONTINUATIONS)
                                .mapToObj(_ -> TokenIds.of(random.ints(CONTINUATION_TOKENS, 0, BYTES)
                                        .toArray()))
                                .toList()))
                .toList();
    }

    /// One microbatch.
    private static final class Training implements Work {
        private final TrainablePolicy policy;
        private final List<TrainingRow> rows;
        private boolean accumulated;

        Training(TrainablePolicy policy, List<TrainingRow> rows) {
            this.policy = policy;
            this.rows = rows;
        }

        @Override
        public void prepare() {
            if (accumulated) {
                policy.step(STEP);
            }
        }

        @Override
        public long run() {
            double loss = policy.accumulate(rows, Training::likelihood);
            if (!Double.isFinite(loss)) {
                throw new IllegalStateException("the loss is " + loss);
            }
            accumulated = true;
            return 1;
        }

        /// The mean negative log-probability of all tokens.
        private static TokenGradients likelihood(List<TokenScores> scores) {
            float each = -1f / (ROWS * CONTINUATIONS * CONTINUATION_TOKENS);
            double loss = 0;
            List<float[]> byLogProb = new ArrayList<>();
            List<float[]> byEntropy = new ArrayList<>();
            for (TokenScores score : scores) {
                float[] gradient = new float[score.logProbs().length];
                Arrays.fill(gradient, each);
                byLogProb.add(gradient);
                byEntropy.add(new float[gradient.length]);
                for (float logProb : score.logProbs()) {
                    loss += each * logProb;
                }
            }
            return new TokenGradients(loss, byLogProb, byEntropy);
        }
    }
}
