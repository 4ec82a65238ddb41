package io.railhead.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.vision.TransformerTower;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InitialWeightsTest {
    private static final int WIDTH = 16;
    private static final int HEAD = 4;
    private static final PolicyConfig CONFIG = new PolicyConfig(
            new TextConfig(40, WIDTH, 24, 2, 4, 2, HEAD, 10_000, List.of(1, 1, 0), 1e-6, 64),
            new TransformerTower(1, 8, 12, 2, 2, 1, 2, 8, List.of(0), WIDTH, 3),
            3,
            6,
            4,
            5,
            true,
            "float32");

    @Test
    void theSameSeedGivesTheSameWeightsAndAnotherSeedOthers() {
        for (InitialWeights.Style style : InitialWeights.Style.values()) {
            List<NamedTensor> drawn = InitialWeights.random(CONFIG, style, 1);
            assertThat(InitialWeights.random(CONFIG, style, 1)).isEqualTo(drawn);
            assertThat(InitialWeights.random(CONFIG, style, 2)).isNotEqualTo(drawn);
        }
    }

    @Test
    void everyWeightOfTheModelIsThereInItsShape() {
        assertThat(InitialWeights.random(CONFIG, InitialWeights.Style.PLAIN, 1))
                .extracting(tensor -> new ParameterShape(tensor.name(), tensor.shape()))
                .isEqualTo(ParameterShape.of(CONFIG));
    }

    @Test
    void normsStartAtOneBiasesAtZeroAndMatricesAreNarrow() {
        List<NamedTensor> drawn = InitialWeights.random(CONFIG, InitialWeights.Style.PLAIN, 1);
        assertThat(floats(drawn, "model.layers.1.input_layernorm.weight")).containsOnly(1);
        assertThat(floats(drawn, "model.layers.1.self_attn.q_proj.bias")).containsOnly(0);
        assertThat(rootMeanSquare(floats(drawn, "model.layers.1.mlp.up_proj.weight")))
                .isCloseTo(0.02, within(0.004));
    }

    @Test
    void mimeticKeysAreTheQueriesOfTheirFirstHeadAndOutputsTheValuesTransposed() {
        List<NamedTensor> drawn = InitialWeights.random(CONFIG, InitialWeights.Style.MIMETIC, 1);
        float[] q = floats(drawn, "model.layers.0.self_attn.q_proj.weight");
        float[] k = floats(drawn, "model.layers.0.self_attn.k_proj.weight");
        float[] v = floats(drawn, "model.layers.0.self_attn.v_proj.weight");
        float[] o = floats(drawn, "model.layers.0.self_attn.o_proj.weight");
        int head = HEAD * WIDTH;
        assertThat(Arrays.copyOfRange(k, 0, head)).isEqualTo(Arrays.copyOfRange(q, 0, head));
        assertThat(Arrays.copyOfRange(k, head, 2 * head)).isEqualTo(Arrays.copyOfRange(q, 2 * head, 3 * head));
        for (int column = 0; column < 4 * HEAD; column++) {
            int kvRow = column / (2 * HEAD) * HEAD + column % HEAD;
            for (int row = 0; row < WIDTH; row++) {
                assertThat(o[row * 4 * HEAD + column]).isEqualTo(v[kvRow * WIDTH + row] / 2);
            }
        }
    }

    @Test
    void mimeticEmbeddingsHaveUnitRootMeanSquareAndTheLastNormMakesUpForIt() {
        List<NamedTensor> drawn = InitialWeights.random(CONFIG, InitialWeights.Style.MIMETIC, 1);
        assertThat(rootMeanSquare(floats(drawn, "model.embed_tokens.weight"))).isCloseTo(1, within(0.1));
        assertThat(floats(drawn, "model.norm.weight")).containsOnly(0.25f);
    }

    private static double rootMeanSquare(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares / values.length);
    }

    private static float[] floats(List<NamedTensor> tensors, String name) {
        NamedTensor tensor =
                tensors.stream().filter(t -> t.name().equals(name)).findAny().orElseThrow();
        return tensor.floats();
    }
}
