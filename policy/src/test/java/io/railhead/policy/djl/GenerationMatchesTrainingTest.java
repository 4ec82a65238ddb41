package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.ComputeType;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TrainingRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationMatchesTrainingTest {
    private static final double TEMPERATURE = 0.8;
    private static final ComputeOptions WIDE = TestDevice.compute(ComputeType.FLOAT32);
    private static final ComputeOptions NARROW = TestDevice.compute(ComputeType.BFLOAT16);

    @TempDir
    Path folder;

    private final Map<String, List<EncodedImage>> images = new HashMap<>();

    @Test
    void logProbsRecordedWhileGeneratingEqualThoseOfScore() throws IOException {
        TinyModel.create(folder);
        assertThat(differences(WIDE, WIDE))
                .allSatisfy(difference -> assertThat(difference).isCloseTo(0, within(1e-4)));
    }

    @Test
    void theMismatchOf32BitsIsBelowAMillionth() throws IOException {
        TinyModel.create(folder);
        assertThat(mismatch(differences(WIDE, WIDE))).isBetween(0.0, 1e-6);
    }

    @Test
    void theMismatchOf16BitsIsBelowAThousandth() throws IOException {
        TinyModel.create(folder);
        assertThat(mismatch(differences(NARROW, NARROW))).isBetween(0.0, 1e-3);
        assertThat(mismatch(differences(NARROW, WIDE)))
                .as("between the two types, which are not one")
                .isBetween(1e-7, 1e-1);
    }

    /// Estimates the divergence of training from generation by its tokens: the mean of exp(d) - 1 - d, which is
    /// never negative, for differences d of log-probabilities.
    private static double mismatch(List<Double> differences) {
        return differences.stream()
                .mapToDouble(d -> Math.expm1(d) - d)
                .average()
                .orElseThrow();
    }

    /// What training says of each generated token less what generation said.
    private List<Double> differences(ComputeOptions generating, ComputeOptions training) throws IOException {
        List<Double> differences = new ArrayList<>();
        List<FinishedSequence> finished = generate(generating);
        assertThat(finished).hasSize(19);
        TrainingOptions options = TestDevice.training().withTemperature(TEMPERATURE);
        try (var policy = DjlTrainablePolicy.open(folder, options.with(training))) {
            for (FinishedSequence one : finished) {
                TrainingRow row = new TrainingRow(
                        one.promptTokens(),
                        images.getOrDefault(one.requestId(), List.of()),
                        List.of(one.response().ids()));
                float[] trained = policy.score(List.of(row), ParameterSet.TARGET)
                        .getFirst()
                        .logProbs();
                float[] sampled = one.response().behaviourLogProbs();
                assertThat(trained).hasSameSizeAs(sampled);
                for (int i = 0; i < trained.length; i++) {
                    differences.add((double) trained[i] - sampled[i]);
                }
            }
        }
        return differences;
    }

    private List<FinishedSequence> generate(ComputeOptions compute) throws IOException {
        List<FinishedSequence> finished = new ArrayList<>();
        double temperature = TEMPERATURE;
        EngineOptions options = TestDevice.engine(EngineLimits.of(6, 256)).with(compute);
        try (var engine = DjlGenerationEngine.open(folder, PolicyVersion.BASE, options)) {
            submit(engine, "small", "Which line?", 3, 9, temperature, TinyModel.picture(16, 16, 1));
            submit(engine, "text only", "Hello", 2, 5, temperature);
            submit(engine, "wide", "?", 4, 14, temperature, TinyModel.picture(40, 24, 2));
            finished.addAll(engine.step());
            submit(
                    engine,
                    "two",
                    "Compare them.",
                    6,
                    11,
                    temperature,
                    TinyModel.picture(24, 56, 3),
                    TinyModel.picture(8, 8, 4));
            submit(engine, "ragged", "ab", 4, 20, temperature, TinyModel.picture(56, 40, 5));
            while (engine.pending() > 0) {
                finished.addAll(engine.step());
            }
        }
        return finished;
    }

    private void submit(
            DjlGenerationEngine engine,
            String id,
            String text,
            int samples,
            int maxTokens,
            double temperature,
            EncodedImage... pictures) {
        images.put(id, List.of(pictures));
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            indices.add(i);
        }
        engine.submit(new GenerationRequest(
                id, new Prompt(id, text, List.of(pictures)), indices, SamplingParams.plain(maxTokens, temperature), 5));
    }
}
