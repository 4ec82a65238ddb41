package io.railhead.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsFilesTest {
    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsReadAndVerified() throws IOException {
        WeightsSnapshot snapshot = SampleWeights.of(7);
        Manifest manifest = new WeightsFiles(directory, 2).write(snapshot);
        assertThat(WeightsFiles.read(manifest)).isEqualTo(snapshot);
    }

    @Test
    void contentsThatAreNotTheManifestsAreRefused() throws IOException {
        Manifest manifest = new WeightsFiles(directory, 2).write(SampleWeights.of(7));
        Path file = directory.resolve("v7.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> WeightsFiles.read(manifest))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(".*v7\\.safetensors hashes to [0-9a-f]{64} instead of " + manifest.sha256());
        Manifest longer =
                new Manifest(manifest.version(), manifest.sha256(), manifest.byteCount() + 1, manifest.location());
        assertThatThrownBy(() -> WeightsFiles.read(longer))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("v7.safetensors holds 11 bytes of weights instead of 12");
    }

    @Test
    void verifiedContentsDoNotChangeWithTheFile() throws IOException {
        WeightsSnapshot snapshot = SampleWeights.of(7);
        WeightsSnapshot read = WeightsFiles.read(new WeightsFiles(directory, 2).write(snapshot));
        Path file = directory.resolve("v7.safetensors");
        Files.write(file, new byte[(int) Files.size(file)]);
        assertThat(read).isEqualTo(snapshot);
    }

    @Test
    void missingFileAndForeignLocationAreNamed() {
        Manifest missing = new Manifest(SampleWeights.of(7).version(), "", 11, "file:" + directory.resolve("v7"));
        assertThatThrownBy(() -> WeightsFiles.read(missing))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.resolve("v7").toString());
        Manifest memory = new Manifest(SampleWeights.of(7).version(), "", 11, "memory:");
        assertThatThrownBy(() -> WeightsFiles.read(memory))
                .isInstanceOf(IOException.class)
                .hasMessage("v7 is not on this node and has no file: memory:");
    }

    @Test
    void onlyTheNewestFilesAreKept() throws IOException {
        WeightsFiles files = new WeightsFiles(directory, 2);
        for (long version : new long[] {8, 9, 10, 11}) {
            files.write(SampleWeights.of(version));
        }
        Files.writeString(directory.resolve("notes.txt"), "not ours");
        files.write(SampleWeights.of(12));
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder("v11.safetensors", "v12.safetensors", "notes.txt");
        }
    }
}
