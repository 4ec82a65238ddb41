package io.railhead.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.vision.TransformerTower;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDirectoryTest {
    @TempDir
    private Path folder;

    @Test
    void readsWhatTransformersWrote() throws IOException {
        ModelDirectory model = Golden.model();
        assertThat(model.config().text().layers()).isEqualTo(2);
        assertThat(((TransformerTower) model.config().vision()).fullAttentionBlocks())
                .containsExactly(1);
        assertThat(model.weights())
                .extracting(NamedTensor::name)
                .contains("lm_head.weight", "model.embed_tokens.weight", "visual.patch_embed.proj.weight");
    }

    @Test
    void aCopyWithTheWeightsIsTheSameModel() throws IOException {
        ModelDirectory model = Golden.model();
        model.copyCompanions(folder);
        SafetensorsFile.write(folder.resolve("model.safetensors"), model.weights(), Map.of("format", "pt"));
        ModelDirectory copy = ModelDirectory.open(folder);
        assertThat(copy.config()).isEqualTo(model.config());
        assertThat(copy.imageProcessor()).isEqualTo(model.imageProcessor());
        assertThat(copy.stopTokenIds()).isEqualTo(model.stopTokenIds());
        assertThat(copy.weights()).containsExactlyInAnyOrderElementsOf(model.weights());
    }

    @Test
    void namesAMissingFolder() {
        Path absent = folder.resolve("absent");
        assertThatThrownBy(() -> ModelDirectory.open(absent))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(absent + ": the model folder is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "preprocessor_config.json"})
    void namesAMissingFile(String name) throws IOException {
        Golden.model().copyCompanions(folder);
        Files.delete(folder.resolve(name));
        assertThatThrownBy(() -> ModelDirectory.open(folder))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(folder.resolve(name) + ": the file is missing");
    }

    @Test
    void namesMissingWeights() throws IOException {
        Golden.model().copyCompanions(folder);
        assertThatThrownBy(() -> ModelDirectory.open(folder).weights())
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(folder.resolve("model.safetensors") + ": the file is missing");
    }

    @Test
    void takesTheEndTokenOfTheConfigurationWhereGenerationSaysNothing() throws IOException {
        Golden.model().copyCompanions(folder);
        Files.delete(folder.resolve("generation_config.json"));
        assertThat(ModelDirectory.open(folder).stopTokenIds()).isEqualTo(Set.of(302));
    }

    @Test
    void refusesAProcessorThatCutsOtherPatchesThanTheModelTakes() throws IOException {
        Golden.model().copyCompanions(folder);
        Path file = folder.resolve("preprocessor_config.json");
        Files.writeString(file, Files.readString(file).replace("\"patch_size\": 4", "\"patch_size\": 14"));
        assertThatThrownBy(() -> ModelDirectory.open(folder))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(
                        "config.json cuts patches of 4 (merge 2, temporal 2), the processor of 14 (2, 2)");
    }
}
