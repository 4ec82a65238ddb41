package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.ComputeType;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TrainingRow;
import io.railhead.policy.VisualLabel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GenerationMatchesTrainingTest {
    private static final double TEMPERATURE = 0.8;
    private static final ComputeOptions WIDE = TestDevice.compute(ComputeType.FLOAT32);
    private static final ComputeOptions NARROW = TestDevice.compute(ComputeType.BFLOAT16);

    @TempDir
    Path folder;

    private final Map<String, List<EncodedImage>> images = new HashMap<>();

    @ParameterizedTest
    @EnumSource
    void logProbsRecordedWhileGeneratingEqualThoseOfScore(TinyModel.Tower tower) throws IOException {
        create(tower);
        assertThat(differences(WIDE, WIDE))
                .allSatisfy(difference -> assertThat(difference).isCloseTo(0, within(1e-4)));
    }

    @ParameterizedTest
    @EnumSource
    void theMismatchOf32BitsIsBelowAMillionth(TinyModel.Tower tower) throws IOException {
        create(tower);
        assertThat(mismatch(differences(WIDE, WIDE))).isBetween(0.0, 1e-6);
    }

    @ParameterizedTest
    @EnumSource
    void theMismatchOf16BitsIsBelowAThousandth(TinyModel.Tower tower) throws IOException {
        create(tower);
        assertThat(mismatch(differences(NARROW, NARROW))).isBetween(0.0, 1e-3);
        assertThat(mismatch(differences(NARROW, WIDE)))
                .as("between the two types, which are not one")
                .isBetween(1e-7, 1e-1);
    }

    /// Batch norm has seen some pictures, so that it does something.
    private void create(TinyModel.Tower tower) throws IOException {
        TinyModel.create(folder, tower);
        TrainingOptions learning = TestDevice.training().withBatchStatistics(true);
        try (var policy = DjlTrainablePolicy.open(folder, learning)) {
            for (int i = 0; i < 20; i++) {
                policy.align(
                        List.of(TinyModel.picture(24, 16, 2L * i), TinyModel.picture(16, 32, 2L * i + 1)),
                        List.of(List.of(new VisualLabel(0, 'a', 1)), List.of(new VisualLabel(7, 'b', 1))),
                        1);
                policy.step(new OptimizerStep(1e-3, 0.9, 0.98, 1e-8, 0, 1));
            }
            SafetensorsFile.write(
                    folder.resolve(SafetensorsFile.SINGLE),
                    policy.snapshot(PolicyVersion.BASE).tensors(),
                    Map.of());
        }
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
