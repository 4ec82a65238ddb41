package io.railhead.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.NamedTensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdapterDirectoryTest {
    private static final String Q = "base_model.model.model.language_model.layers.0.self_attn.q_proj";

    @TempDir
    Path folder;

    private PolicyConfig model;

    @BeforeEach
    void copyAdaptersOfPeft() throws IOException {
        model = Golden.model().config();
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(Golden.path("adapters/decoder/" + name), folder.resolve(name));
        }
    }

    @Test
    void adaptersOfPeftAreReadAndKindsThatAreAdaptedInOnePlaceAloneAddNothingElsewhere() throws IOException {
        AdapterDirectory read = AdapterDirectory.read(folder, model);
        assertThat(read.lora()).isEqualTo(new LoraConfig(2, 8, List.of("down_proj", "q_proj", "v_proj")));
        for (NamedTensor tensor : read.tensors()) {
            boolean zero = Arrays.equals(tensor.floats(), new float[(int) tensor.elements()]);
            assertThat(zero).as(tensor.name()).isEqualTo(tensor.name().contains(".visual."));
        }
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        LoraConfig lora = new LoraConfig(3, 1.5, List.of("qkv", "proj", "gate_proj"));
        AdapterDirectory adapters = new AdapterDirectory(lora, InitialAdapters.random(model, lora, 5));
        adapters.write(folder, "somewhere");
        AdapterDirectory read = AdapterDirectory.read(folder, model);
        assertThat(read.tensors()).isEqualTo(adapters.tensors());
        assertThat(read.lora().targets()).containsExactlyInAnyOrderElementsOf(lora.targets());
        assertThat(Files.readString(folder.resolve("adapter_config.json")))
                .contains("\"attn.proj\"")
                .doesNotContain("\"proj\"");
    }

    @Test
    void namesOfOlderLayoutsAreKnown() throws IOException {
        List<NamedTensor> expected = AdapterDirectory.read(folder, model).tensors();
        rewrite(tensors -> tensors.stream()
                .map(tensor -> tensor.named(tensor.name().replace(".model.language_model.", ".model.")))
                .toList());
        assertThat(AdapterDirectory.read(folder, model).tensors()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "use_dora | true",
                "use_rslora | true",
                "fan_in_fan_out | true",
                "bias | \"all\"",
                "lora_bias | true",
                "rank_pattern | {\"q_proj\": 4}",
                "alpha_pattern | {\"q_proj\": 4}",
                "peft_type | \"LOHA\"",
            })
    void whatWouldBeComputedOtherwiseIsRefusedByItsKey(String key, String value) throws IOException {
        Path config = folder.resolve("adapter_config.json");
        String text = Files.readString(config);
        Files.writeString(config, text.replaceFirst("\"" + key + "\": [^,]+", "\"" + key + "\": " + value));
        assertRefused(config, key);
    }

    @Test
    void aMatrixWithoutItsFellowIsNamed() throws IOException {
        rewrite(tensors -> tensors.stream()
                .filter(tensor -> !tensor.name().equals(Q + ".lora_B.weight"))
                .toList());
        assertRefused(folder.resolve("adapter_model.safetensors"), Q + ".lora_B.weight is missing");
    }

    @Test
    void aMatrixOfAnotherShapeIsNamed() throws IOException {
        rewrite(tensors ->
                replaced(tensors, NamedTensor.ofFloats(Q + ".lora_A.weight", List.of(1L, 32L), new float[32])));
        assertRefused(folder.resolve("adapter_model.safetensors"), Q + ".lora_A.weight is [1, 32] instead of [2, 32]");
    }

    @Test
    void anAdapterOfSomethingElseIsNamed() throws IOException {
        NamedTensor convolution = SafetensorsFileTest.tensor(
                "base_model.model.model.visual.patch_embed.proj.lora_A.weight", ElementType.U8, List.of(1L), 1);
        rewrite(tensors -> {
            List<NamedTensor> more = new ArrayList<>(tensors);
            more.add(convolution);
            return more;
        });
        assertRefused(folder.resolve("adapter_model.safetensors"), convolution.name() + " adapts no projection");
    }

    @Test
    void aTruncatedFileIsNamed() throws IOException {
        Path file = folder.resolve("adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 4));
        assertRefused(file, "the file holds");
    }

    @Test
    void aBaseModelThatHasGoneIsNamed() throws IOException {
        Path adapted = Files.createDirectory(folder.resolve("model"));
        Golden.model().copyCompanions(adapted);
        Files.writeString(adapted.resolve("base_model.json"), "{\"path\": \"/nowhere/at/all\"}");
        ModelDirectory opened = ModelDirectory.open(adapted);
        assertThatThrownBy(opened::weights)
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("base_model.json")
                .hasMessageContaining("/nowhere/at/all");
    }

    private void assertRefused(Path file, String defect) {
        assertThatThrownBy(() -> AdapterDirectory.read(folder, model))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(defect);
    }

    private void rewrite(UnaryOperator<List<NamedTensor>> change) throws IOException {
        Path file = folder.resolve("adapter_model.safetensors");
        SafetensorsFile.write(file, change.apply(SafetensorsFile.read(file).tensors()), Map.of());
    }

    private static List<NamedTensor> replaced(List<NamedTensor> tensors, NamedTensor other) {
        return tensors.stream()
                .map(tensor -> tensor.name().equals(other.name()) ? other : tensor)
                .toList();
    }
}
