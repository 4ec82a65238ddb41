package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Wrong input is one line that names the thing, status 2, and leaves nothing behind.
class CommandLineTest {
    @TempDir
    Path temp;

    private Path runDir() {
        return temp.resolve("run");
    }

    @Test
    void namesAnUnknownOptionWithTheNearestOne() {
        assertRefused(CommandRun.of("train", "--stps", "3"), "--stps", "--steps");
    }

    @Test
    void namesAMissingCommand() {
        assertRefused(CommandRun.of(), "a command is missing");
        assertRefused(CommandRun.of("data"), "a command is missing");
    }

    @Test
    void namesAnUnknownCommand() {
        assertRefused(CommandRun.of("trian"), "trian");
    }

    @Test
    void namesAValueThatIsNoNumber() {
        assertRefused(CommandRun.of("train", "--steps", "many"), "--steps", "many");
    }

    @Test
    void namesTheNodeThatDoesNotListen() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertRefused(CommandRun.of("status", "--node", "127.0.0.1:" + free), "no node listens at", ":" + free);
    }

    @Test
    void namesTheNodeThatListensAndDoesNotAnswer() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(
                    CommandRun.of("status", "--timeout", "1", "--node", "127.0.0.1:" + silent.getLocalPort()),
                    "no node answers at",
                    "within 1 s");
        }
    }

    @Test
    void namesANodeThatIsNoHostAndPort() {
        assertRefused(CommandRun.of("status", "--node", "http://x:1/status"), "--node takes HOST:PORT");
    }

    @Test
    void namesAnUnknownConfigKeyOfAFileWithItsLine() throws IOException {
        Path file = Files.writeString(temp.resolve("my.conf"), "railhead.stage {\n  group-sise = 4\n}\n");
        assertRefused(train("--config", file.toString()), "railhead.stage.group-sise", "group-size?", "my.conf:2");
    }

    @Test
    void namesAnUnknownConfigKeyOfAnAssignment() {
        assertRefused(train("--set", "learner.optimiser.learning-rate=1"), "railhead.learner.optimiser");
    }

    @Test
    void namesABadValue() {
        assertRefused(train("--set", "stage.group-size=0"), "railhead.stage.group-size", "0");
    }

    @Test
    void namesAConfigFileThatIsNotHocon() throws IOException {
        Path file = Files.writeString(temp.resolve("my.conf"), "railhead { stage {\n");
        assertRefused(train("--config", file.toString()), "my.conf");
    }

    @Test
    void namesAMissingConfigFile() {
        assertRefused(train("--config", temp.resolve("no.conf").toString()), "no.conf");
    }

    @Test
    void namesAStationFileThatIsNotJson() throws IOException {
        Path data = temp.resolve("data");
        Path stations = Files.createDirectories(data.resolve("stations/land"));
        Files.writeString(stations.resolve("town.json"), "{ not json");
        assertRefused(train("--data", data.toString()), "town.json", "not JSON");
        assertRefused(CommandRun.of("data", "show", "--train", "--data", data.toString()), "town.json", "not JSON");
    }

    @Test
    void namesDataThatIsNotThere() throws IOException {
        String gone = temp.resolve("gone").toString();
        for (String[] command : new String[][] {
            {"eval", "--data", gone},
            {"data", "show", "--data", gone},
            {"data", "import", gone, temp.resolve("out").toString()},
            {"eval", "--benchmark", "mm-star", "--data", gone},
            {"score", "--stations", gone},
            {"reward-service", "--check", "--stations", gone}
        }) {
            assertRefused(CommandRun.of(command), gone + " does not exist");
        }
        Path text = Files.writeString(temp.resolve("notes.txt"), "hello");
        assertRefused(CommandRun.of("eval", "--data", text.toString()), "notes.txt is neither a folder of cities");
        assertRefused(CommandRun.of("eval", "--limit", "-3"), "--limit -3 is not a number of questions");
        assertRefused(CommandRun.of("eval", "--out", gone + "/e.json"), "e.json is in no folder", gone);
    }

    @Test
    void namesAnUnreadablePicture() throws IOException {
        Path data = temp.resolve("data");
        Files.createDirectories(data.resolve("stations/land"));
        Files.createDirectories(data.resolve("maps/land"));
        Files.writeString(
                data.resolve("stations/land/town.json"),
                "{\"Line 1\": [\"A\", \"B\", \"C\", \"D\"], \"Line 2\": [\"E\", \"B\", \"F\", \"G\"]}");
        Files.writeString(data.resolve("maps/land/town.png"), "no picture at all");
        assertRefused(train("--data", data.toString()), "town.png");
    }

    @Test
    void namesADataFolderThatIsNotThere() {
        assertRefused(train("--data", temp.resolve("nowhere").toString()), "nowhere");
    }

    @Test
    void namesAModelFolderThatIsNotThere() {
        assertRefused(train("--model", temp.resolve("no-model").toString()), "no-model");
        assertRefused(CommandRun.of("eval", "--model", temp.resolve("no-model").toString()), "no-model");
    }

    @Test
    void namesAMissingRunToResume() {
        assertRefused(CommandRun.of("train", "--resume", "--run-dir", runDir().toString()), "no run to resume", "run");
    }

    @Test
    void namesAMissingCheckpoint() throws IOException {
        Path run = Files.createDirectories(runDir());
        Files.writeString(run.resolve("config.conf"), "");
        CommandRun exported = CommandRun.of(
                "checkpoint", "export", run.toString(), temp.resolve("out").toString());
        assertThat(exported.status()).isEqualTo(2);
        assertThat(exported.err()).contains("no checkpoint in " + run);
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void refusesADirectoryThatHoldsARun() throws IOException {
        Files.createDirectories(runDir());
        Files.writeString(runDir().resolve("config.conf"), "");
        CommandRun run = train();
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("holds a run already").contains("--resume");
        assertThat(runDir().toFile().list()).containsExactly("config.conf");
    }

    @Test
    void namesAPromptPictureThatIsNotThere() {
        assertRefused(
                CommandRun.of(
                        "generate",
                        "--prompt",
                        "?",
                        "--image",
                        temp.resolve("no.png").toString()),
                "no.png");
    }

    @Test
    void namesTheLineOfBadInput() {
        assertRefused(CommandRun.withInput("{}\nnonsense\n", "generate", "--batch"), "line 2", "not JSON");
        assertRefused(CommandRun.withInput("{\"id\":1}\n", "logprobs"), "line 1", "input_ids");
        assertRefused(CommandRun.withInput("{\"id\":1}\n", "score"), "line 1");
        assertRefused(CommandRun.withInput("\n{\"input_ids\":[3,99999999]}\n", "logprobs"), "line 2", "vocabulary");
        assertRefused(CommandRun.withInput("{\"input_ids\":[3]}\n", "logprobs"), "line 1", "predicts nothing");
        assertRefused(CommandRun.withInput("{\"input_ids\":[3,-1]}\n", "logprobs"), "line 1", "-1 at 1");
        assertRefused(CommandRun.withInput("\n\n{\"input_ids\":[3,99999999]}", "generate", "--batch"), "line 3");
        assertRefused(
                CommandRun.withInput("{\"prompt\":\"see <|image_pad|>\"}", "generate", "--batch"),
                "line 1",
                "1 image placeholders for 0 pictures");
        assertRefused(
                CommandRun.withInput("{\"prompt\":\"?\", \"image\":\"no.png\"}", "generate", "--batch"),
                "line 1",
                "no.png");
    }

    @Test
    void namesOptionsThatExcludeEachOther() {
        assertRefused(CommandRun.of("generate"), "--prompt TEXT or --batch");
        assertRefused(CommandRun.withInput("", "generate", "--batch", "--image", "a.png"), "--image");
        assertRefused(CommandRun.of("generate", "--prompt", "?", "--top-p", "0"), "top-p");
    }

    @Test
    void namesADeviceThatIsNotThere() {
        assertRefused(
                CommandRun.of("generate", "--prompt", "?", "--set", "policy.rollout-devices=[\"cuda:99\"]"), "cuda:99");
        Path run = temp.resolve("no-device");
        assertRefused(
                CommandRun.of("train", "--run-dir", run.toString(), "--set", "policy.learner-device=\"cuda:98\""),
                "cuda:98");
        assertThat(run).doesNotExist();
        assertRefused(CommandRun.withInput("", "logprobs", "--set", "policy.learner-device=\"cuda:97\""), "cuda:97");
    }

    @Test
    void namesAPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertRefused(CommandRun.of("reward-service", "--check", "--port", port), "port " + port);
            assertRefused(
                    CommandRun.of("reward-service", "--check", "--port", "0", "--grpc-port", port), "port " + port);
        }
    }

    @Test
    void namesATlsFileThatIsMissing() {
        assertRefused(
                CommandRun.of(
                        "reward-service",
                        "--check",
                        "--set",
                        "reward-service.tls.certificate=nowhere/c.pem",
                        "--set",
                        "reward-service.tls.key=nowhere/k.pem"),
                "nowhere/k.pem");
    }

    @Test
    void namesAScoringFunctionThatIsNotThere() {
        assertRefused(
                CommandRun.of("reward-service", "--check", "--set", "reward.function=com.example.Missing"),
                "railhead.reward.function = com.example.Missing is not on the class path");
    }

    @Test
    void helpIsNoFailure() {
        CommandRun help = CommandRun.of("train", "--help");
        assertThat(help.status()).isZero();
        assertThat(help.out()).contains("--resume").contains("--max-staleness");
        assertThat(help.err()).isEmpty();
    }

    private CommandRun train(String... more) {
        String[] args = new String[more.length + 5];
        String[] start = {"train", "--steps", "1", "--run-dir", runDir().toString()};
        System.arraycopy(start, 0, args, 0, start.length);
        System.arraycopy(more, 0, args, start.length, more.length);
        return CommandRun.of(args);
    }

    private void assertRefused(CommandRun run, String... named) {
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).startsWith("railhead: ").contains(named).doesNotContain("Exception");
        assertThat(run.out()).isEmpty();
        assertThat(run.status()).isEqualTo(2);
        assertThat(runDir()).doesNotExist();
    }
}
