package io.railhead.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.railhead.app.CommandRun;
import io.railhead.app.run.RandomModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class JsonOutputTest {
    /// `score` answers JSON in any case; a completion script is for a shell.
    private static final Set<String> WITHOUT = Set.of("railhead score", "railhead completion");

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temp;

    @Test
    void everyCommandCanAnswerInJson() {
        List<CommandLine> leaves = new ArrayList<>();
        collect(RailheadCommand.commandLine(Terminal.system()), leaves);
        assertThat(leaves)
                .hasSizeGreaterThan(20)
                .allMatch(command -> WITHOUT.contains(command.getCommandSpec().qualifiedName(" "))
                        || command.getCommandSpec().findOption("--json") != null);
    }

    @Test
    void generatedDataIsCounted() throws IOException {
        Path out = temp.resolve("maps");
        JsonNode answer =
                answer("data", "generate", "--maps", "1", "--questions", "1", "--out", out.toString(), "--json");
        assertThat(answer.path("maps").asInt()).isEqualTo(3);
        assertThat(answer.path("questions").asInt()).isPositive();
        assertThat(answer.path("directory").asText()).isEqualTo(out.toString());
    }

    @Test
    void aRewardServiceSaysWhereItListens() throws IOException {
        JsonNode answer = answer("reward-service", "--check", "--port", "0", "--grpc-port", "0", "--json");
        assertThat(answer.path("address").asText()).contains("127.0.0.1:");
        assertThat(answer.path("grpc_port").isInt()).isTrue();
    }

    @Test
    void aNodesDryRunIsOneObject() throws IOException {
        Path model = RandomModel.in(temp.resolve("model"), 5);
        JsonNode answer = answer("node", "--role", "rollout", "--model", model.toString(), "--dry-run", "--json");
        assertThat(answer.isObject()).isTrue();
    }

    @Test
    void pretrainingSaysItsLastStep() throws IOException {
        JsonNode answer = answer(
                "pretrain",
                temp.resolve("base").toString(),
                "--align-steps",
                "1",
                "--lookup-steps",
                "0",
                "--mixture-steps",
                "0",
                "--habit-steps",
                "0",
                "--json");
        assertThat(answer.path("step").asInt()).isEqualTo(1);
        assertThat(answer.path("alignment").isNumber()).isTrue();
        assertThat(answer.path("answers").isNull()).isTrue();
    }

    private static JsonNode answer(String... arguments) throws IOException {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(1);
        return JSON.readTree(run.out());
    }

    private static void collect(CommandLine command, List<CommandLine> leaves) {
        if (command.getSubcommands().isEmpty()) {
            leaves.add(command);
        }
        command.getSubcommands().values().forEach(each -> collect(each, leaves));
    }
}
