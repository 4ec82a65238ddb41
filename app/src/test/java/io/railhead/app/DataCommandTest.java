package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path temp;

    @Test
    void showsQuestionsWithTheirPictures() throws IOException {
        Path out = temp.resolve("shown");
        CommandRun shown = CommandRun.of("data", "show", "--limit", "12", "--out", out.toString());
        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out())
                .contains("TorF1", "TorF2", "Counting1", "Counting2", "Counting3", "planning")
                .contains("answer: ", "12 of ");
        assertThat(out).isNotEmptyDirectory().isDirectoryNotContaining("glob:**.txt");
        assertThat(CommandRun.of("data", "show", "--limit", "12", "--out", out.toString()))
                .isEqualTo(shown);
    }

    @Test
    void whatIsGeneratedIntoAFolderIsShownFromIt() throws IOException {
        Path folder = temp.resolve("folder");
        CommandRun generated = CommandRun.of(
                "data", "generate", "--out", folder.toString(), "--maps", "2", "--questions", "1", "--seed", "3");
        assertThat(generated.status()).as(generated.err()).isZero();
        assertThat(generated.out()).startsWith("6 maps and ");
        List<String> lines = Files.readAllLines(folder.resolve("questions.jsonl"));
        assertThat(generated.out()).contains("and " + lines.size() + " questions");
        JsonNode question = JSON.readTree(lines.getFirst());
        assertThat(folder.resolve(question.path("image").asText())).isRegularFile();

        CommandRun shown = CommandRun.of(
                "data",
                "show",
                "--train",
                "--json",
                "--data",
                folder.toString(),
                "--out",
                temp.resolve("o").toString());
        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out().lines().map(DataCommandTest::cityOf).distinct()).hasSizeGreaterThan(1);
    }

    @Test
    void importsStationFilesAsDataSets() {
        Path folder = temp.resolve("folder");
        Path out = temp.resolve("data");
        CommandRun.of("data", "generate", "--out", folder.toString(), "--maps", "1", "--questions", "1");
        CommandRun imported = CommandRun.of("data", "import", folder.toString(), out.toString(), "--questions", "2");
        assertThat(imported.status()).as(imported.err()).isZero();
        assertThat(imported.out()).contains(" 6 rows in " + out.resolve("reasonmap/train.jsonl"));
        assertThat(out.resolve("maps/generated")).isNotEmptyDirectory();
        CommandRun shown = CommandRun.of(
                "data",
                "show",
                "--train",
                "--limit",
                "99",
                "--set",
                "data.planning-forms=[short, via-count, via-stops]",
                "--data",
                out.resolve("reasonmap").toString());
        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("12 of 12 questions of " + out.resolve("reasonmap") + " (train)");
        CommandRun again = CommandRun.of("data", "import", folder.toString(), out.toString());
        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).contains(out + " is not an empty folder");
    }

    @Test
    void countsTheQuestionsOfEachTypeAboutEachCity() {
        Path out = temp.resolve("maps");
        CommandRun shown = CommandRun.of(
                "data", "show", "--table", "--set", "data.maps-per-difficulty=1", "--out", out.toString());
        assertThat(shown.status()).as(shown.err()).isZero();
        List<String> lines = shown.out().lines().toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.getFirst()).matches("city +map +TorF1 +TorF2 +Counting1 +Counting2 +Counting3 .* all");
        assertThat(lines.get(4)).matches("all +12 +12 +12 +12 +3 .* 63");
        assertThat(lines.get(5)).isEqualTo("3 maps in " + out);
    }

    @Test
    void generatesIntoAnEmptyFolderOnly() throws IOException {
        Files.writeString(temp.resolve("mine.txt"), "mine");
        CommandRun generated = CommandRun.of("data", "generate", "--out", temp.toString());
        assertThat(generated.status()).isEqualTo(2);
        assertThat(generated.err()).contains(temp + " is not an empty folder");
        try (Stream<Path> files = Files.list(temp)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void scoresLinesInOrder() {
        CommandRun scored = CommandRun.withInput("""
                {"id": "a", "type": "TorF1", "response": "\\\\boxed{yes}", "answer": 1, "difficulty_city": "easy"}
                {"id": "b", "type": "TorF1", "response": "\\\\boxed{no}", "answer": 1, "difficulty_city": "hard"}
                """, "score", "--profile", "reference");
        assertThat(scored.status()).as(scored.err()).isZero();
        assertThat(scored.out().lines().map(DataCommandTest::score)).containsExactly("a 10.0", "b 0.0");
    }

    private static String cityOf(String line) {
        return read(line).path("image").asText();
    }

    private static String score(String line) {
        JsonNode verdict = read(line);
        return verdict.path("id").asText() + " " + verdict.path("score").asDouble();
    }

    private static JsonNode read(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }
}
