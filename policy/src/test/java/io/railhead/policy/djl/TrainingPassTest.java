package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.TokenObjective;
import io.railhead.policy.TokenScores;
import io.railhead.policy.TrainingRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingPassTest {
    private static final TokenObjective OBJECTIVE = new WeightedScores(0.5);
    private static final float ROUNDING = 1e-5f;

    @TempDir
    Path folder;

    @BeforeEach
    void create() {
        TinyModel.create(folder);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradientsAreTheSameBitForBitIfBlocksAreComputedAgain(boolean visionFrozen) throws IOException {
        TrainingOptions kept = TrainingOptions.DEFAULT.withVisionFrozen(visionFrozen);
        assertThat(gradients(kept.withRecompute(true))).isEqualTo(gradients(kept));
    }

    @Test
    void gradientsDoNotDependOnHowManyLogitsExistAtATime() throws IOException {
        Map<String, List<Float>> expected = gradients(TrainingOptions.DEFAULT);
        for (int headTokens : new int[] {1, 5, 8}) {
            assertClose(gradients(TrainingOptions.DEFAULT.withHeadTokens(headTokens)), expected);
        }
    }

    @Test
    void scoresDoNotDependOnHowManyLogitsExistAtATime() throws IOException {
        try (var whole = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT);
                var chunked = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT.withHeadTokens(5))) {
            List<TokenScores> expected = whole.score(TinyRows.ragged(whole), ParameterSet.TARGET);
            List<TokenScores> found = chunked.score(TinyRows.ragged(chunked), ParameterSet.TARGET);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(found.get(i).logProbs())
                        .containsExactly(expected.get(i).logProbs(), within(ROUNDING));
                assertThat(found.get(i).entropies())
                        .containsExactly(expected.get(i).entropies(), within(ROUNDING));
            }
        }
    }

    @Test
    void aFrozenTowerHasNoGradientAndChangesThatOfNothingElse() throws IOException {
        Map<String, List<Float>> expected = gradients(TrainingOptions.DEFAULT);
        assertThat(expected.keySet()).anyMatch(name -> name.startsWith("visual."));
        expected.keySet().removeIf(name -> name.startsWith("visual."));
        assertThat(gradients(TrainingOptions.DEFAULT.withVisionFrozen(true))).isEqualTo(expected);
    }

    @Test
    void microbatchesAddUpToTheGradientsOfTheWholeBatch() throws IOException {
        try (var whole = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT);
                var parts = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT)) {
            List<TrainingRow> rows = TinyRows.ragged(whole);
            whole.accumulate(rows, LikelihoodObjective.INSTANCE);
            for (TrainingRow row : rows) {
                parts.accumulate(List.of(row), LikelihoodObjective.INSTANCE);
            }
            assertClose(gradients(parts), gradients(whole));
        }
    }

    private Map<String, List<Float>> gradients(TrainingOptions options) throws IOException {
        try (var policy = DjlTrainablePolicy.open(folder, options)) {
            policy.accumulate(TinyRows.ragged(policy), OBJECTIVE);
            return gradients(policy);
        }
    }

    private static Map<String, List<Float>> gradients(DjlTrainablePolicy policy) {
        Map<String, List<Float>> gradients = new TreeMap<>();
        policy.weights(ParameterSet.TARGET).arrays().masters().forEach((name, weight) -> {
            if (weight.hasGradient()) {
                try (NDArray gradient = weight.getGradient()) {
                    gradients.put(name, boxed(gradient.toFloatArray()));
                }
            }
        });
        return gradients;
    }

    private static List<Float> boxed(float[] values) {
        List<Float> boxed = new ArrayList<>();
        for (float value : values) {
            boxed.add(value);
        }
        return boxed;
    }

    /// Every element is equal up to rounding, as a share of its weight's largest gradient.
    private static void assertClose(Map<String, List<Float>> found, Map<String, List<Float>> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, gradient) -> {
            float largest = gradient.stream().map(Math::abs).max(Float::compare).orElseThrow();
            assertThat(found.getOrDefault(name, List.of()))
                    .as(name)
                    .usingElementComparator((a, b) -> Math.abs(a - b) <= ROUNDING * largest ? 0 : Float.compare(a, b))
                    .containsExactlyElementsOf(gradient);
        });
    }
}
