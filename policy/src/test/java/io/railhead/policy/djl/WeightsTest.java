package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.InitialWeights;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.NamedTensor.ElementType;
import io.railhead.policy.PolicyConfig;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
    @TempDir
    Path folder;

    private PolicyConfig config;
    private List<NamedTensor> tensors;
    private final TensorScope scope = TensorScope.ofThisThread();

    @BeforeEach
    void draw() {
        config = TinyModel.create(folder).config();
        tensors = InitialWeights.random(config, InitialWeights.Style.PLAIN, 3);
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void weightsComeOutAsTheyWentIn() {
        assertThat(Weights.of(config, tensors, scope).tensors()).isEqualTo(tensors);
    }

    @Test
    void halfPrecisionIsWidenedExactly() {
        for (ElementType type : List.of(ElementType.F16, ElementType.BF16)) {
            Weights weights = Weights.of(
                    config,
                    tensors.stream().map(tensor -> narrowed(tensor, type)).toList(),
                    scope);
            for (NamedTensor tensor : tensors) {
                float[] expected = tensor.floats();
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = widened(bits(expected[i], type), type);
                }
                assertThat(weights.get(tensor.name()).toFloatArray())
                        .as("%s %s", type, tensor.name())
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void namesOfBothPublishedLayoutsAreKnown() {
        List<NamedTensor> nested = tensors.stream()
                .map(tensor -> tensor.named(
                        tensor.name().startsWith("visual.")
                                ? "model." + tensor.name()
                                : tensor.name().replaceFirst("^model\\.", "model.language_model.")))
                .toList();
        assertThat(Weights.of(config, nested, scope).tensors()).isEqualTo(tensors);
    }

    @Test
    void aTiedHeadMayBeRepeatedAndIsTheEmbedding() {
        List<NamedTensor> repeated = new ArrayList<>(tensors);
        repeated.add(tensor("model.embed_tokens.weight").named("lm_head.weight"));
        Weights weights = Weights.of(config, repeated, scope);
        assertThat(weights.head()).isSameAs(weights.embedding());
    }

    @Test
    void integersAreNoWeights() {
        NamedTensor norm = tensor("model.norm.weight");
        List<NamedTensor> wrong = new ArrayList<>(tensors);
        wrong.set(wrong.indexOf(norm), new NamedTensor(norm.name(), ElementType.I32, norm.shape(), norm.data()));
        assertThatThrownBy(() -> Weights.of(config, wrong, scope))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model.norm.weight")
                .hasMessageContaining("I32");
    }

    private NamedTensor tensor(String name) {
        return tensors.stream().filter(t -> t.name().equals(name)).findAny().orElseThrow();
    }

    private static NamedTensor narrowed(NamedTensor tensor, ElementType type) {
        MemorySegment narrow = NamedTensor.memory(tensor.byteCount() / 2);
        float[] values = tensor.floats();
        for (int i = 0; i < values.length; i++) {
            narrow.setAtIndex(NamedTensor.SHORT, i, bits(values[i], type));
        }
        return new NamedTensor(tensor.name(), type, tensor.shape(), narrow);
    }

    private static short bits(float value, ElementType type) {
        return type == ElementType.F16 ? Float.floatToFloat16(value) : (short) (Float.floatToRawIntBits(value) >>> 16);
    }

    private static float widened(short bits, ElementType type) {
        return type == ElementType.F16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
    }
}
