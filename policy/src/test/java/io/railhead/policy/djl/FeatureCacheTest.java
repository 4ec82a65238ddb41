package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.ComputeType;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.InitialWeights;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PatchGrid;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TrainingRow;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCacheTest {
    private static final int FLOATS = 4 * 32; // of a picture of 16 x 16 pixels: 4 visual tokens

    @TempDir
    Path folder;

    @Test
    void aPictureIsComputedOnceAndWhatIsOldestGoesFirst() {
        ModelDirectory model = TinyModel.create(folder);
        try (TensorScope scope = TensorScope.ofThisThread()) {
            Weights weights = Weights.of(
                    model.config(),
                    InitialWeights.random(model.config(), InitialWeights.Style.MIMETIC, 3),
                    ComputeType.FLOAT32,
                    scope);
            var cache = new FeatureCache(new PolicyNetwork(model.config(), scope), scope, 2 * FLOATS);
            List<List<PatchGrid>> pictures = IntStream.range(0, 3)
                    .mapToObj(i -> List.of(model.imageProcessor().patches(TinyModel.picture(16, 16, i))))
                    .toList();
            VisionFeatures first = cache.of(weights, pictures.get(0));
            VisionFeatures second = cache.of(weights, pictures.get(1));
            assertThat(cache.of(weights, pictures.get(0))).isSameAs(first);
            cache.of(weights, pictures.get(2));
            cache.trim();

            assertThat(cache.size()).isEqualTo(2);
            assertThat(cache.of(weights, pictures.get(0))).isSameAs(first);
            VisionFeatures again = cache.of(weights, pictures.get(1));
            assertThat(again).isNotSameAs(second);
            cache.trim();
            cache.clear();
            assertThat(cache.size()).isZero();
        }
    }

    @Test
    void anEngineSeesAPictureWithNewWeightsOnceItHasThem() throws IOException {
        ModelDirectory model = TinyModel.create(folder);
        var other = new WeightsSnapshot(
                new PolicyVersion(1), InitialWeights.random(model.config(), InitialWeights.Style.MIMETIC, 99));
        EngineOptions options = EngineOptions.of(EngineLimits.of(4, 160));
        try (var swapped = DjlGenerationEngine.open(folder, PolicyVersion.BASE, options);
                var fresh = DjlGenerationEngine.open(model, other, options)) {
            FinishedSequence before = answer(swapped);
            swapped.swap(other);
            FinishedSequence after = answer(swapped);
            assertThat(after).isEqualTo(answer(fresh));
            assertThat(after.response()).isNotEqualTo(before.response());
        }
    }

    private static FinishedSequence answer(DjlGenerationEngine engine) {
        engine.submit(new GenerationRequest(
                "r",
                new Prompt("p", "Where?", List.of(TinyModel.picture(16, 16, 1))),
                List.of(0),
                SamplingParams.plain(6, 1),
                1));
        List<FinishedSequence> finished = engine.step();
        while (finished.isEmpty()) {
            finished = engine.step();
        }
        return finished.getFirst();
    }

    @Test
    void aReferenceFrozenAnewSeesWithItsNewWeights() throws IOException {
        TinyModel.create(folder);
        try (var policy = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT)) {
            List<TrainingRow> rows = TinyRows.ragged(policy);
            policy.freezeReference();
            var first = policy.score(rows, ParameterSet.REFERENCE);
            assertThat(first).usingRecursiveComparison().isEqualTo(policy.score(rows, ParameterSet.REFERENCE));
            policy.accumulate(rows, new WeightedScores(0.1));
            policy.step(new OptimizerStep(1e-2, 0.9, 0.999, 1e-8, 0.01, 1));
            policy.freezeReference();
            var anew = policy.score(rows, ParameterSet.REFERENCE);
            var target = policy.score(rows, ParameterSet.TARGET);
            for (int i = 0; i < anew.size(); i++) {
                assertThat(anew.get(i).logProbs()).containsExactly(target.get(i).logProbs(), within(1e-5f));
            }
        }
    }
}
