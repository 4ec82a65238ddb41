package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.railhead.app.run.RandomModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackCommandTest {
    @TempDir
    Path temp;

    @Test
    void aRunTellsItsTrackersAndItsTracesAndCanTellThemLater() throws IOException {
        Path model = RandomModel.in(temp.resolve("model"), 5);
        Path run = temp.resolve("run");
        try (Collector collector = Collector.start()) {
            CommandRun trained = CommandRun.ofSmall(
                    "train",
                    "--run-dir",
                    run.toString(),
                    "--steps",
                    "2",
                    "--model",
                    model.toString(),
                    "--set",
                    "traces.endpoint=" + collector.endpoint(),
                    "--json");
            assertThat(trained.status()).as(trained.err()).isZero();
            assertThat(trained.err()).doesNotContain("WARN");
            assertThat(collector.taken())
                    .contains("rollout", "generate", "score", "wait for train step", "train", "railhead.worker");
        }
        assertThat(run.resolve("tensorboard")).isNotEmptyDirectory();
        assertThat(run.resolve("wandb")).doesNotExist();

        CommandRun more = CommandRun.ofSmall(
                "train",
                "--resume",
                "--run-dir",
                run.toString(),
                "--steps",
                "3",
                "--set",
                "traces.endpoint=null",
                "--json");
        assertThat(more.status()).as(more.err()).isZero();

        CommandRun sent = CommandRun.of("track", run.toString(), "--set", "trackers.wandb.enabled=true", "--json");
        assertThat(sent.status()).as(sent.err()).isZero();
        assertThat(new ObjectMapper().readTree(sent.out()).path("TensorBoard").asInt())
                .isEqualTo(3);
        assertThat(new ObjectMapper()
                        .readTree(sent.out())
                        .path("Weights & Biases (offline)")
                        .asInt())
                .isEqualTo(3);
        try (Stream<Path> files = Files.walk(run.resolve("wandb"))) {
            assertThat(files.map(file -> file.getFileName().toString())).anyMatch(name -> name.endsWith(".wandb"));
        }
    }

    @Test
    void refusesWhatHoldsNoRunAndAddressesThatAreNone() throws IOException {
        CommandRun none = CommandRun.of("track", temp.toString());
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("no run in " + temp);

        Files.writeString(temp.resolve("config.conf"), "railhead {}");
        CommandRun wrong = CommandRun.of("track", temp.toString(), "--set", "trackers.mlflow.uri=ftp://x");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("trackers.mlflow.uri", "ftp://x");
    }
}
