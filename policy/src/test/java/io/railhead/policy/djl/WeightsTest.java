package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.Bfloat16;
import io.railhead.policy.ComputeType;
import io.railhead.policy.InitialWeights;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.NamedTensor.ElementType;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.SafetensorsFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
    @TempDir
    Path folder;

    private PolicyConfig config;
    private List<NamedTensor> tensors;
    private final TensorScope scope = TensorScope.ofThisThread(); // memory is shared on the processor alone

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
        assertThat(Weights.of(config, tensors, ComputeType.FLOAT32, scope)
                        .arrays()
                        .tensors())
                .isEqualTo(tensors);
    }

    @Test
    void everyStoredTypeLoadsIntoEveryComputeTypeRoundedToTheNearest() {
        for (ElementType stored : List.of(ElementType.F32, ElementType.F16, ElementType.BF16)) {
            List<NamedTensor> given =
                    tensors.stream().map(tensor -> narrowed(tensor, stored)).toList();
            List<NamedTensor> wide = given.stream().map(WeightsTest::widened).toList();
            List<NamedTensor> rounded = wide.stream().map(Bfloat16::of).toList();
            assertThat(Weights.of(config, given, ComputeType.FLOAT32, scope)
                            .arrays()
                            .tensors())
                    .isEqualTo(wide);
            assertThat(Weights.sharing(config, given, ComputeType.FLOAT32, scope)
                            .arrays()
                            .tensors())
                    .isEqualTo(wide);
            assertThat(Weights.of(config, given, ComputeType.BFLOAT16, scope)
                            .arrays()
                            .tensors())
                    .isEqualTo(rounded);
            assertThat(Weights.sharing(config, given, ComputeType.BFLOAT16, scope)
                            .arrays()
                            .tensors())
                    .isEqualTo(rounded);
        }
    }

    @Test
    void weightsThatAreOnlyReadLieOnTheMappedFileWhereTheTypeFits() throws IOException {
        Path file = folder.resolve("bf16.safetensors");
        SafetensorsFile.write(file, tensors.stream().map(Bfloat16::of).toList(), Map.of());
        try (Weights shared =
                Weights.sharing(config, SafetensorsFile.read(file).tensors(), ComputeType.BFLOAT16, scope)) {
            System.gc(); // the weights alone keep the mapping
            assertThat(shared.arrays().sharedCount()).isEqualTo(tensors.size());
            assertThat(shared.arrays().tensors())
                    .isEqualTo(tensors.stream().map(Bfloat16::of).toList());
        }
        try (Weights copied =
                Weights.sharing(config, SafetensorsFile.read(file).tensors(), ComputeType.FLOAT32, scope)) {
            assertThat(copied.arrays().sharedCount()).isZero();
        }
    }

    @Test
    void aMisalignedTensorIsCopied() {
        NamedTensor norm = tensor("model.norm.weight");
        MemorySegment odd = NamedTensor.memory(norm.byteCount() + 1).asSlice(1).copyFrom(norm.data());
        List<NamedTensor> given = new ArrayList<>(tensors);
        given.set(given.indexOf(norm), new NamedTensor(norm.name(), norm.type(), norm.shape(), odd));
        try (Weights weights = Weights.sharing(config, given, ComputeType.FLOAT32, scope)) {
            assertThat(weights.arrays().sharedCount()).isEqualTo(tensors.size() - 1);
            assertThat(weights.arrays().tensors()).isEqualTo(tensors);
        }
    }

    @Test
    void aWeightThatIsThereTwiceIsRefused() {
        List<NamedTensor> twice = new ArrayList<>(tensors);
        twice.add(tensor("model.norm.weight").named("model.language_model.norm.weight"));
        assertThatThrownBy(() -> Weights.of(config, twice, ComputeType.FLOAT32, scope))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weight model.norm.weight is there twice");
    }

    @Test
    void namesOfBothPublishedLayoutsAreKnown() {
        List<NamedTensor> nested = tensors.stream()
                .map(tensor -> tensor.named(
                        tensor.name().startsWith("visual.")
                                ? "model." + tensor.name()
                                : tensor.name().replaceFirst("^model\\.", "model.language_model.")))
                .toList();
        assertThat(Weights.of(config, nested, ComputeType.FLOAT32, scope)
                        .arrays()
                        .tensors())
                .isEqualTo(tensors);
    }

    @Test
    void aTiedHeadMayBeRepeatedAndIsTheEmbedding() {
        List<NamedTensor> repeated = new ArrayList<>(tensors);
        repeated.add(tensor("model.embed_tokens.weight").named("lm_head.weight"));
        Weights weights = Weights.of(config, repeated, ComputeType.FLOAT32, scope);
        assertThat(weights.head()).isSameAs(weights.embedding());
    }

    @Test
    void integersAreNoWeights() {
        NamedTensor norm = tensor("model.norm.weight");
        List<NamedTensor> wrong = new ArrayList<>(tensors);
        wrong.set(wrong.indexOf(norm), new NamedTensor(norm.name(), ElementType.I32, norm.shape(), norm.data()));
        assertThatThrownBy(() -> Weights.of(config, wrong, ComputeType.FLOAT32, scope))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model.norm.weight")
                .hasMessageContaining("I32");
    }

    private NamedTensor tensor(String name) {
        return tensors.stream().filter(t -> t.name().equals(name)).findAny().orElseThrow();
    }

    /// Cut off for BF16, so that rounding shows only where this class does it.
    private static NamedTensor narrowed(NamedTensor tensor, ElementType type) {
        if (type == ElementType.F32) {
            return tensor;
        }
        MemorySegment narrow = NamedTensor.memory(tensor.byteCount() / 2);
        float[] values = tensor.floats();
        for (int i = 0; i < values.length; i++) {
            int upper = Float.floatToRawIntBits(values[i]) >>> 16;
            short bits = type == ElementType.F16 ? Float.floatToFloat16(values[i]) : (short) upper;
            narrow.setAtIndex(NamedTensor.SHORT, i, bits);
        }
        return new NamedTensor(tensor.name(), type, tensor.shape(), narrow);
    }

    private static NamedTensor widened(NamedTensor tensor) {
        if (tensor.type() == ElementType.F32) {
            return tensor;
        }
        float[] values = new float[(int) tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            short bits = tensor.data().getAtIndex(NamedTensor.SHORT, i);
            values[i] =
                    tensor.type() == ElementType.F16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
        }
        return NamedTensor.ofFloats(tensor.name(), tensor.shape(), values);
    }
}
