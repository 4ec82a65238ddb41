package io.railhead.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsShardsTest {
    @TempDir
    private Path folder;

    @Test
    void aSmallModelIsOneFile() throws IOException {
        List<NamedTensor> tensors = Golden.model().weights();
        SafetensorsShards.write(folder, tensors, SafetensorsShards.USUAL_BYTES);
        assertThat(names()).containsExactly("model.safetensors");
        assertThat(SafetensorsFile.readModel(folder)).containsExactlyInAnyOrderElementsOf(tensors);
    }

    @Test
    void aLargeModelIsSeveralFilesWithAnIndex() throws IOException {
        List<NamedTensor> tensors = Golden.model().weights();
        SafetensorsShards.write(folder, tensors, 60_000);
        assertThat(names())
                .startsWith("model-00001-of-00004.safetensors", "model-00002-of-00004.safetensors")
                .endsWith("model.safetensors.index.json");
        assertThat(SafetensorsFile.readModel(folder)).containsExactlyInAnyOrderElementsOf(tensors);
        JsonNode index = new ObjectMapper()
                .readTree(folder.resolve("model.safetensors.index.json").toFile());
        long bytes = tensors.stream().mapToLong(t -> t.data().byteSize()).sum();
        assertThat(index.at("/metadata/total_size").longValue()).isEqualTo(bytes);
        assertThat(index.get("weight_map").size()).isEqualTo(tensors.size());
        for (String name : names()) {
            assertThat(Files.size(folder.resolve(name))).as(name).isLessThan(70_000);
        }
    }

    @Test
    void aTensorAboveTheSizeGetsAFileOfItsOwn() throws IOException {
        List<NamedTensor> tensors = Golden.model().weights();
        SafetensorsShards.write(folder, tensors, 1);
        assertThat(names()).hasSize(tensors.size() + 1);
        assertThat(SafetensorsFile.readModel(folder)).containsExactlyInAnyOrderElementsOf(tensors);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
