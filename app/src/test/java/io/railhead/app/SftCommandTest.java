package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.app.run.RandomModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `sft` from end to end, with a model of random weights.
class SftCommandTest {
    @TempDir
    private static Path temp;

    private static Path model;

    @BeforeAll
    static void makeModel() throws IOException {
        model = RandomModel.in(temp.resolve("model"), 5);
    }

    @Test
    void writesAModelThatEvalAndTrainTake() throws IOException {
        Path tuned = temp.resolve("tuned");
        CommandRun sft = small("sft", tuned.toString(), "--steps", "2");
        assertThat(sft.status()).as(sft.err()).isZero();
        assertThat(sft.out()).contains("before training", "step 1/2  loss ", "accuracy, %", "finished: loss ");
        assertThat(CommandRun.of("eval", "--model", tuned.toString(), "--limit", "3", "--set", "eval.max-tokens=2")
                        .status())
                .isZero();
        assertThat(hiddenBeside(tuned)).isEmpty();
    }

    @Test
    void trainsAdaptersAndMergesThem() throws IOException {
        Path tuned = temp.resolve("merged");
        CommandRun sft = small("sft", tuned.toString(), "--steps", "1", "--json", "--set", "policy.lora.rank=2");
        assertThat(sft.status()).as(sft.err()).isZero();
        JsonNode result = new JsonMapper().readTree(sft.out());
        assertThat(result.path("steps").asInt()).isEqualTo(1);
        assertThat(result.path("after").path("accuracy")).isNotEmpty();
        assertThat(tuned.resolve("model.safetensors")).exists();
        assertThat(tuned.resolve("adapter")).doesNotExist();
    }

    @Test
    void refusesAFolderThatExists() {
        CommandRun sft = small("sft", temp.toString());
        assertThat(sft.status()).isEqualTo(2);
        assertThat(sft.err()).contains(temp + " exists");
    }

    private static CommandRun small(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        List.of(
                        "policy.model=" + model,
                        "data.maps-per-difficulty=1",
                        "data.questions-per-type=1",
                        "eval.questions=6",
                        "eval.max-tokens=4",
                        "supervised.questions-per-step=4")
                .forEach(setting -> all.addAll(List.of("--set", setting)));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private static List<String> hiddenBeside(Path folder) throws IOException {
        try (var files = Files.list(folder.getParent())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("."))
                    .toList();
        }
    }
}
