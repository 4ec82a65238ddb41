package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.actors.protocol.Score;
import io.railhead.reward.OwnQuestion;
import io.railhead.reward.OwnReward;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Questions of text alone, from the file to the report, with a function of one's own and without.
class OwnQuestionsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path temp;

    private Path data;

    /// Right is what is not empty; longer is better.
    public static final class AnyWords implements OwnReward {
        @Override
        public Score score(OwnQuestion question, String response) {
            double reward = response.length() / 10.0;
            return new Score(reward, !response.isBlank(), 1, List.of(new Score.Component("length", reward, "")));
        }
    }

    /// Breaks on one question and hangs on another.
    public static final class Faulty implements OwnReward {
        @Override
        public Score score(OwnQuestion question, String response) {
            return switch (question.id()) {
                case "test-1" -> throw new IllegalStateException("I broke");
                case "test-2" -> hang();
                default -> new Score(1, true, 1, List.of());
            };
        }

        private static Score hang() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Score(9, true, 1, List.of());
        }
    }

    @BeforeEach
    void writeQuestions() throws IOException {
        data = Files.createDirectories(temp.resolve("data"));
        write("train", 24);
        write("test", 6);
    }

    private void write(String split, int count) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add("""
                    {"id": "%s-%d", "kind": "%s", "difficulty": "%d", "prompt": "Add: %d + 2", "answer": %d}""".formatted(split, i, i % 2 == 0 ? "even" : "odd", i % 3, i, i + 2));
        }
        Files.write(data.resolve(split + ".jsonl"), lines);
    }

    private CommandRun railhead(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", "questions:" + data));
        return CommandRun.of(all.toArray(String[]::new));
    }

    @Test
    void textAloneIsTrainedEvaluatedReportedAndReplayed() throws IOException {
        Path run = temp.resolve("run");
        CommandRun trained = railhead(
                "train",
                "--run-dir",
                run.toString(),
                "--steps",
                "2",
                "--set",
                "reward.function=" + AnyWords.class.getName(),
                "--set",
                "stage.groups-per-step=2",
                "--set",
                "stage.group-size=4",
                "--set",
                "stage.sampling.max-tokens=12",
                "--set",
                "eval.max-tokens=12");
        assertThat(trained.status()).as(trained.err()).isZero();
        assertThat(trained.out()).contains("kind even", "kind odd", "difficulty 0", "difficulty 2", "finished at v2");
        JsonNode after = JSON.readTree(Files.readString(run.resolve("evaluation-after.json")));
        assertThat(after.path("answers")).hasSize(6);
        assertThat(after.path("accuracy").path(0).path("name").asText()).isEqualTo("overall");
        assertThat(after.path("answers").path(0).path("reward").isNumber()).isTrue();
        assertThat(after.path("answers").path(0).path("kind").asText()).isIn("even", "odd");
        assertThat(Files.readString(run.resolve("report.html")))
                .contains("Best answers", "Worst answers", "Add: ", "difficulty 1", "<td>length</td>")
                .doesNotContain("<img");
        CommandRun replayed = CommandRun.of("replay", run.toString());
        assertThat(replayed.status()).as(replayed.err() + replayed.out()).isZero();
        CommandRun asked = CommandRun.of("events", run.toString(), "--dropped");
        assertThat(asked.status()).as(asked.err()).isZero();
    }

    @Test
    void supervisedTrainingImitatesTheAnswersOfAllKinds() {
        Path model = temp.resolve("model");
        CommandRun trained = railhead(
                "sft",
                model.toString(),
                "--steps",
                "3",
                "--set",
                "supervised.questions-per-step=8",
                "--set",
                "supervised.optimizer.learning-rate=1e-3",
                "--set",
                "eval.max-tokens=12",
                "--json");
        assertThat(trained.status()).as(trained.err()).isZero();
        assertThat(trained.out()).contains("\"outcome\":\"finished\"", "kind odd");
        assertThat(model.resolve("model.safetensors")).exists();
        CommandRun unknown = railhead("sft", temp.resolve("other").toString(), "--set", "supervised.kinds=[even, o]");
        assertThat(unknown)
                .isEqualTo(new CommandRun(
                        2, "", "railhead: railhead.supervised.kinds has o, which is none of even, odd\n"));
    }

    @Test
    void withoutAFunctionRightIsTheAnswerAndEveryFormatIsWritten() throws IOException {
        for (String ending : List.of("json", "csv", "md", "html")) {
            Path out = temp.resolve("e." + ending);
            CommandRun asked = railhead("eval", "--set", "eval.max-tokens=8", "--out", out.toString());
            assertThat(asked.status()).as(asked.err()).isZero();
            assertThat(asked.out()).startsWith("accuracy ").contains("  overall ", "  kind even ", "  tokens ");
            assertThat(out).isNotEmptyFile();
        }
        assertThat(Files.readString(temp.resolve("e.csv")))
                .startsWith("id,kind,difficulty,correct,reward,tokens,response,reference\n")
                .contains(",false,0.0,");
        assertThat(temp.resolve("e-maps")).doesNotExist();
    }

    @Test
    void anAnswerThatBreaksTheFunctionIsWrongAndCounted() {
        CommandRun asked = railhead(
                "eval",
                "--set",
                "eval.max-tokens=4",
                "--set",
                "reward.deadline=300ms",
                "--set",
                "reward.function=" + Faulty.class.getName());
        assertThat(asked.status()).as(asked.err()).isZero();
        assertThat(asked.out())
                .containsPattern("overall +4 +6 ")
                .contains("2 answers could not be scored and count as wrong, the first one: ");
        CommandRun givenUp = railhead(
                "eval",
                "--set",
                "eval.max-tokens=4",
                "--set",
                "reward.failures-in-a-row=1",
                "--set",
                "reward.function=" + Faulty.class.getName());
        assertThat(givenUp.status()).isEqualTo(1);
        assertThat(givenUp.err()).contains("the scoring function failed on 1 answers in a row, the last one to test-");
    }

    @Test
    void showsThemWithoutAPicture() {
        CommandRun shown = railhead("data", "show", "--limit", "2");
        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("Add: ", "answer: ", "2 of 6 questions of " + data + " (test)\n");
        CommandRun json = railhead("data", "show", "--limit", "1", "--json");
        assertThat(json.out()).contains("\"images\":[]", "\"answer\":");
    }

    @Test
    void wrongInputIsOneLine() throws IOException {
        Files.writeString(data.resolve("train.jsonl"), "{\"id\": 1, \"prompt\": \"p\"}\n");
        CommandRun bad = railhead("train", "--run-dir", temp.resolve("r").toString());
        assertThat(bad)
                .isEqualTo(new CommandRun(
                        2, "", "railhead: " + data.resolve("train.jsonl") + ", line 1: answer is missing\n"));
        assertThat(temp.resolve("r")).doesNotExist();
        writeQuestions();
        CommandRun maps = railhead("data", "show", "--table");
        assertThat(maps.status()).isEqualTo(2);
        assertThat(maps.err()).contains("the table of cities is about questions on maps");
        CommandRun onMaps = CommandRun.of("train", "--dry-run", "--set", "reward.function=" + AnyWords.class.getName());
        assertThat(onMaps.status()).isEqualTo(2);
        assertThat(onMaps.err()).contains("scores no questions about maps");
    }
}
