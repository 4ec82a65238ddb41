package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenScores;
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
    private static final double TOLERANCE = 1e-4;

    @TempDir
    Path folder;

    private final Map<String, List<EncodedImage>> images = new HashMap<>();

    @Test
    void logProbsRecordedWhileGeneratingEqualThoseOfScore() throws IOException {
        TinyModel.create(folder);
        double temperature = 0.8;
        List<FinishedSequence> finished = generate(temperature);
        assertThat(finished).hasSize(19);
        try (var policy = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT.withTemperature(temperature))) {
            for (FinishedSequence one : finished) {
                TrainingRow row = new TrainingRow(
                        one.promptTokens(),
                        images.getOrDefault(one.requestId(), List.of()),
                        List.of(one.response().ids()));
                TokenScores scores =
                        policy.score(List.of(row), ParameterSet.TARGET).getFirst();
                assertThat(scores.logProbs())
                        .containsExactly(one.response().behaviourLogProbs(), within((float) TOLERANCE));
            }
        }
    }

    private List<FinishedSequence> generate(double temperature) throws IOException {
        List<FinishedSequence> finished = new ArrayList<>();
        try (var engine =
                DjlGenerationEngine.open(folder, PolicyVersion.BASE, EngineOptions.of(EngineLimits.of(6, 256)))) {
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
