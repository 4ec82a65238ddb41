package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.app.run.RandomModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands from end to end, with a model of random weights.
class TrainCommandTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private static Path temp;

    private static Path model;

    @BeforeAll
    static void makeModel() throws IOException {
        model = RandomModel.in(temp.resolve("model"), 5);
    }

    @Test
    void trainsEvaluatesResumesAndExports() throws IOException {
        Path run = temp.resolve("run");
        CommandRun first = CommandRun.ofSmall(
                "train",
                "--run-dir",
                run.toString(),
                "--steps",
                "2",
                "--model",
                model.toString(),
                "--set",
                "policy.simulated-wait=1ms",
                "--set",
                "http.enabled=on",
                "--set",
                "http.port=0",
                "--set",
                "http.health-port=0");
        assertThat(first.err()).isEmpty();
        assertThat(first.status()).isZero();
        assertThat(first.out())
                .contains(
                        "timing is simulated",
                        "live page at http://127.0.0.1:",
                        "before training",
                        "step 1/2",
                        "step 2/2",
                        "reward ",
                        "issued ",
                        "accuracy, %",
                        "finished at v2");
        assertThat(Files.readString(run.resolve("report.html")))
                .contains(
                        "timing is simulated",
                        "<svg",
                        "polyline",
                        "Evaluation on held-out questions",
                        "Ledger",
                        "group-size");
        assertThat(Files.readString(run.resolve("config.conf"))).contains("railhead");

        CommandRun other = CommandRun.ofSmall("train", "--resume", "--run-dir", run.toString(), "--seed", "99");
        assertThat(other.status()).isEqualTo(2);
        assertThat(other.err()).contains("railhead.stage.seed = 1 -> 99 is refused: ");

        CommandRun more =
                CommandRun.ofSmall("train", "--resume", "--run-dir", run.toString(), "--steps", "3", "--json");
        assertThat(more.status()).as(more.err()).isZero();
        JsonNode result = JSON.readTree(more.out());
        assertThat(result.path("outcome").asText()).isEqualTo("finished");
        assertThat(result.path("version").asInt()).isEqualTo(3);
        assertThat(result.path("after").path("accuracy")).isNotEmpty();
        assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(3);

        Path exported = temp.resolve("exported");
        assertThat(CommandRun.of("checkpoint", "export", run.toString(), exported.toString())
                        .out())
                .contains("v3");
        assertThat(CommandRun.ofSmall("eval", "--model", exported.toString(), "--limit", "6")
                        .out())
                .contains("overall", "weighted accuracy");
    }

    @Test
    void trainsAdaptersIn16BitsAndExportsThemMergedAndAlone() throws IOException {
        Path run = temp.resolve("adapters");
        String[] lora = {"--set", "policy.lora.rank=2", "--set", "policy.compute=bfloat16"};
        CommandRun trained = CommandRun.ofSmall(with(
                lora, "train", "--run-dir", run.toString(), "--steps", "2", "--model", model.toString(), "--json"));
        assertThat(trained.status()).as(trained.err()).isZero();
        assertThat(JSON.readTree(trained.out()).path("after").path("accuracy")).isNotEmpty();

        Path merged = temp.resolve("merged");
        assertThat(CommandRun.of("checkpoint", "export", run.toString(), merged.toString())
                        .status())
                .isZero();
        assertThat(merged.resolve("model.safetensors")).exists();
        assertThat(merged.resolve("adapter")).doesNotExist();
        assertThat(CommandRun.ofSmall("eval", "--model", merged.toString(), "--limit", "6")
                        .out())
                .contains("weighted accuracy");

        Path alone = temp.resolve("alone");
        assertThat(CommandRun.of("checkpoint", "export", "--adapter", run.toString(), alone.toString())
                        .out())
                .contains("adapters at v2");
        assertThat(alone.resolve("adapter_config.json")).exists();
        assertThat(alone.resolve("adapter_model.safetensors")).exists();

        CommandRun more = CommandRun.ofSmall(
                with(lora, "train", "--resume", "--run-dir", run.toString(), "--steps", "3", "--json"));
        assertThat(more.status()).as(more.err()).isZero();
        assertThat(JSON.readTree(more.out()).path("version").asInt()).isEqualTo(3);
    }

    private static String[] with(String[] settings, String... args) {
        return Stream.of(args, settings).flatMap(Stream::of).toArray(String[]::new);
    }

    @Test
    void aRunThatFailsSaysWhyAndWhereTheLogIs() {
        Path run = temp.resolve("failing");
        CommandRun failed = CommandRun.ofSmall(
                "train",
                "--run-dir",
                run.toString(),
                "--model",
                model.toString(),
                "--set",
                "stage.filter-zero-variance=true",
                "--set",
                "stage.max-filtered-in-a-row=2");
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err().lines()).as(failed.err()).hasSize(1);
        assertThat(failed.err())
                .startsWith("railhead: the run failed: ")
                .contains("nothing left to learn", run.resolve("railhead.log").toString());
    }

    @Test
    void generatesTheSameForTheSameSeed() {
        String[] command = {
            "generate", "--model", model.toString(), "--prompt", "Which?", "--temperature", "1", "--max-tokens", "5"
        };
        CommandRun one = CommandRun.of(command);
        assertThat(one.status()).as(one.err()).isZero();
        assertThat(CommandRun.of(command)).isEqualTo(one);
    }

    @Test
    void logprobsAreTheRawOnesOfGeneration() throws IOException {
        CommandRun generated = CommandRun.withInput(
                "{\"input_ids\": [1, 2, 3]}\n",
                "generate",
                "--model",
                model.toString(),
                "--batch",
                "--max-tokens",
                "4",
                "--temperature",
                "0.7",
                "--top-k",
                "50",
                "--top-p",
                "0.95");
        assertThat(generated.status()).as(generated.err()).isZero();
        JsonNode response = JSON.readTree(generated.out());
        List<Integer> ids = new ArrayList<>(List.of(1, 2, 3));
        response.path("token_ids").forEach(id -> ids.add(id.asInt()));
        CommandRun scored = CommandRun.withInput(
                "{\"id\": \"a\", \"input_ids\": " + ids + "}\n", "logprobs", "--model", model.toString());
        assertThat(scored.status()).as(scored.err()).isZero();
        JsonNode logProbs = JSON.readTree(scored.out()).path("logprobs");
        assertThat(logProbs).hasSize(ids.size() - 1);
        for (int i = 0; i < response.path("token_ids").size(); i++) {
            assertThat(logProbs.get(2 + i).asDouble())
                    .isCloseTo(response.path("raw_logprobs").get(i).asDouble(), offset(1e-4));
        }
    }

    @Test
    void namesAPortInUse() throws IOException {
        Path run = temp.resolve("node-run");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            CommandRun node = CommandRun.ofSmall(
                    "node",
                    "--role",
                    "controller,learner",
                    "--port",
                    port,
                    "--run-dir",
                    run.toString(),
                    "--model",
                    model.toString());
            assertThat(node.err().lines()).as(node.err()).hasSize(1);
            assertThat(node.err()).startsWith("railhead: ").contains("127.0.0.1:" + port);
            assertThat(node.status()).isEqualTo(2);
        }
        assertThat(run).doesNotExist();
    }
}
