package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.InitialWeights;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.SwapMode;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TrainingRow;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What running sequences do when weights change between two tokens. Without end tokens, so that all are as long as
/// asked for.
class SwapModeTest {
    private static final EncodedImage PICTURE = TinyModel.picture(24, 16, 1);
    private static final int TOKENS = 24;
    private static final int BEFORE = 5; // tokens of the old weights

    @TempDir
    Path folder;

    private ModelDirectory model;
    private DjlTrainablePolicy old;
    private DjlTrainablePolicy fresh;

    @BeforeEach
    void open() throws IOException {
        model = TinyModel.create(folder).withStopTokenIds(Set.of());
        old = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT);
        Path other = folder.resolve("other");
        SafetensorsFile.write(
                TinyModel.create(other).path().resolve("model.safetensors"),
                weights(1, 99).tensors(),
                Map.of());
        fresh = DjlTrainablePolicy.open(other, TrainingOptions.DEFAULT);
    }

    @AfterEach
    void close() {
        old.close();
        fresh.close();
    }

    private DjlGenerationEngine engine(SwapMode mode, EngineLimits limits) throws IOException {
        return DjlGenerationEngine.open(
                model,
                new WeightsSnapshot(PolicyVersion.BASE, model.weights()),
                EngineOptions.of(limits).with(mode));
    }

    private WeightsSnapshot weights(long version, long seed) {
        return new WeightsSnapshot(
                new PolicyVersion(version), InitialWeights.random(model.config(), InitialWeights.Style.MIMETIC, seed));
    }

    private static GenerationRequest request(String id, int samples, int tokens) {
        return new GenerationRequest(
                id,
                new Prompt(id, "Where?", List.of(PICTURE)),
                IntStream.range(0, samples).boxed().toList(),
                SamplingParams.plain(tokens, 1),
                3);
    }

    private static List<FinishedSequence> drain(DjlGenerationEngine engine) {
        List<FinishedSequence> finished = new ArrayList<>();
        while (engine.pending() > 0) {
            finished.addAll(engine.step());
        }
        return finished;
    }

    private static float[] scored(DjlTrainablePolicy policy, SampledTokens response) {
        TokenIds prompt = policy.tokenize(request("a", 1, 1).prompt());
        TrainingRow row = new TrainingRow(prompt, List.of(PICTURE), List.of(response.ids()));
        return policy.score(List.of(row), ParameterSet.TARGET).getFirst().logProbs();
    }

    /// `prefill-tokens` of 32 cuts prompts and responses, one of 4096 does not.
    @ParameterizedTest
    @ValueSource(ints = {32, 4096})
    void recomputedSequencesGoOnAsIfTheNewWeightsHadReadThemFromTheBeginning(int prefillTokens) throws IOException {
        try (DjlGenerationEngine engine = engine(SwapMode.RECOMPUTE, new EngineLimits(6, 1024, prefillTokens))) {
            engine.submit(request("a", 3, TOKENS));
            engine.submit(request("b", 2, TOKENS));
            for (int sampled = 0; sampled < 2 * BEFORE; sampled++) {
                engine.step();
            }
            engine.swap(weights(1, 99));
            assertThat(engine.version()).isEqualTo(new PolicyVersion(1));
            for (FinishedSequence sequence : drain(engine)) {
                SampledTokens response = sequence.response();
                int before = (int) Arrays.stream(response.behaviourVersions())
                        .filter(version -> version == 0)
                        .count();
                assertThat(before).isBetween(1, 2 * BEFORE);
                float[] sampled = response.behaviourLogProbs();
                assertThat(Arrays.copyOf(scored(old, response), before))
                        .containsExactly(Arrays.copyOf(sampled, before), within(1e-4f));
                assertThat(Arrays.copyOfRange(scored(fresh, response), before, TOKENS))
                        .containsExactly(Arrays.copyOfRange(sampled, before, TOKENS), within(1e-4f));
            }
        }
    }

    @Test
    void aPromptInTheMiddleOfItsChunksIsReadByTheNewWeightsAlone() throws IOException {
        try (DjlGenerationEngine engine = engine(SwapMode.RECOMPUTE, new EngineLimits(6, 1024, 16))) {
            engine.submit(request("a", 2, TOKENS));
            engine.step();
            engine.swap(weights(1, 99));
            for (FinishedSequence sequence : drain(engine)) {
                assertThat(sequence.response().behaviourVersions()).containsOnly(1);
                assertThat(scored(fresh, sequence.response()))
                        .containsExactly(sequence.response().behaviourLogProbs(), within(1e-4f));
            }
        }
    }

    @Test
    void drainingSequencesEndWithTheOldWeightsAndNothingStartsBefore() throws IOException {
        try (DjlGenerationEngine engine = engine(SwapMode.DRAIN, new EngineLimits(6, 1024, 4096))) {
            engine.submit(request("a", 2, TOKENS));
            engine.step();
            engine.swap(weights(1, 7));
            engine.swap(weights(2, 99)); // the newest wins
            assertThat(engine.version()).isEqualTo(PolicyVersion.BASE);
            engine.submit(request("b", 2, TOKENS));
            List<FinishedSequence> first = new ArrayList<>();
            while (first.isEmpty()) {
                assertThat(engine.version()).isEqualTo(PolicyVersion.BASE);
                first.addAll(engine.step());
            }
            assertThat(engine.version()).isEqualTo(new PolicyVersion(2));
            assertThat(first).hasSize(2).allSatisfy(sequence -> {
                assertThat(sequence.requestId()).isEqualTo("a");
                assertThat(sequence.response().behaviourVersions()).containsOnly(0);
                assertThat(scored(old, sequence.response()))
                        .containsExactly(sequence.response().behaviourLogProbs(), within(1e-4f));
            });
            assertThat(drain(engine)).hasSize(2).allSatisfy(sequence -> {
                assertThat(sequence.response().behaviourVersions()).containsOnly(2);
                assertThat(scored(fresh, sequence.response()))
                        .containsExactly(sequence.response().behaviourLogProbs(), within(1e-4f));
            });
        }
    }

    @Test
    void anEngineThatDrainsTakesTheWeightsAtOnceWhenNothingRunsOrTheLastIsCancelled() throws IOException {
        try (DjlGenerationEngine engine = engine(SwapMode.DRAIN, new EngineLimits(6, 1024, 4096))) {
            engine.swap(weights(1, 99));
            assertThat(engine.version()).isEqualTo(new PolicyVersion(1));
            engine.submit(request("a", 2, TOKENS));
            engine.step();
            engine.swap(weights(2, 99));
            assertThatThrownBy(() -> engine.swap(weights(1, 99))).hasMessageContaining("older");
            engine.cancel("a");
            assertThat(engine.version()).isEqualTo(new PolicyVersion(2));
        }
    }
}
