package io.railhead.app.questions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.transit.InvalidDataException;
import io.railhead.transit.data.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionFilesTest {
    private static final String PLAIN = "{\"id\": \"%s\", \"prompt\": \"Sort: 3 1\", \"answer\": \"1 3\"}";

    @TempDir
    private Path temp;

    private Path file(String name, String... lines) throws IOException {
        return Files.write(temp.resolve(name), List.of(lines));
    }

    private static List<String> ids(List<OwnItem> items) {
        return items.stream().map(item -> item.question().id()).toList();
    }

    @Test
    void readsEveryField() throws IOException {
        Files.createDirectories(temp.resolve("pictures"));
        Files.write(temp.resolve("pictures/a.png"), new byte[] {1, 2});
        Path file = file("train.jsonl", """
                {"id": 7, "prompt": "Which?", "answer": {"x": [1]}, "images": ["pictures/a.png"], "kind": "look", \
                "difficulty": "two", "response": "The x."}""", "", PLAIN.formatted("b"));
        List<OwnItem> items = QuestionFiles.read(temp, Split.TRAIN);
        assertThat(ids(items)).containsExactly("7", "b");
        OwnItem first = items.getFirst();
        assertThat(first.question().kind()).isEqualTo("look");
        assertThat(first.question().difficulty()).isEqualTo("two");
        assertThat(first.question().answerText()).isEqualTo("{\"x\":[1]}");
        assertThat(first.reference()).isEqualTo("The x.");
        assertThat(first.images()).hasSize(1);
        assertThat(first.images().getFirst().load()).containsExactly(1, 2);
        assertThat(items.getLast().question().kind()).isEqualTo("any");
        assertThat(items.getLast().reference()).isEqualTo("1 3");
        assertThat(items.getLast().images()).isEmpty();
        assertThat(file).exists();
    }

    @Test
    void fileNamesTellTheSplitsApart() throws IOException {
        file("train-1.jsonl", PLAIN.formatted("a"));
        file("train-2.jsonl", PLAIN.formatted("b"));
        file("test.jsonl", PLAIN.formatted("c"));
        file("README.md", "no question");
        assertThat(ids(QuestionFiles.read(temp, Split.TRAIN))).containsExactly("a", "b");
        assertThat(ids(QuestionFiles.read(temp, Split.TEST))).containsExactly("c");
        file("more.jsonl", PLAIN.formatted("d"));
        assertThatThrownBy(() -> QuestionFiles.read(temp, Split.TEST))
                .isInstanceOf(InvalidDataException.class)
                .hasMessageContaining("more.jsonl is called neither train... nor test...");
    }

    @Test
    void otherwiseAFifthIsHeldOutByItsIdAlone() throws IOException {
        String[] lines =
                IntStream.range(0, 1000).mapToObj(i -> PLAIN.formatted("q" + i)).toArray(String[]::new);
        Path file = file("all.jsonl", lines);
        List<String> heldOut = ids(QuestionFiles.read(file, Split.TEST));
        assertThat(heldOut).hasSizeBetween(170, 230);
        assertThat(ids(QuestionFiles.read(file, Split.TRAIN)))
                .hasSize(1000 - heldOut.size())
                .doesNotContainAnyElementsOf(heldOut);
        Path half = file("half.jsonl", List.of(lines).subList(500, 1000).toArray(String[]::new));
        assertThat(heldOut).containsAll(ids(QuestionFiles.read(half, Split.TEST)));
        assertThat(QuestionFiles.splitOf("q1")).isEqualTo(Split.TRAIN); // of SHA-256, on any machine
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                                       | it is no JSON: ",
                "[1]                                                     | it is no JSON object",
                "{\"id\": \"a\", \"prompt\": \"p\"}                      | answer is missing",
                "{\"prompt\": \"p\", \"answer\": 1}                      | id is missing",
                "{\"id\": 1.5, \"prompt\": \"p\", \"answer\": 1}         | id is 1.5, not a text or a whole number",
                "{\"id\": 1, \"answer\": 1}                              | prompt is missing",
                "{\"id\": 1, \"prompt\": 3, \"answer\": 1}               | prompt is 3, not a text",
                "{\"id\": 1, \"prompt\": \" \", \"answer\": 1}           | prompt is \" \", not a text",
                "{\"id\": 1, \"prompt\": \"p\", \"anwser\": 1}           | unknown field anwser; known are id, prompt,",
                "{\"id\": 1, \"prompt\": \"p\", \"answer\": 1, \"id\": 2} | Duplicate field 'id'",
                "{\"id\": 1, \"prompt\": \"p\", \"answer\": 1} x         | it is no JSON: ",
                "{\"id\": 1, \"prompt\": \"p\", \"answer\": 1, \"images\": \"a\"} | images is \"a\", not a list of paths",
                "{\"id\": 1, \"prompt\": \"p\", \"answer\": 1, \"images\": [\"no.png\"]} | there is no picture ",
                "{\"id\": 1, \"prompt\": \"p\", \"answer\": 1, \"kind\": 4}  | kind is 4, not a text",
                "{\"id\": \"first\", \"prompt\": \"p\", \"answer\": 1}   | id first is that of ",
            })
    void everyBadLineIsNamedWithItsFileAndNumber(String line, String complaint) throws IOException {
        Path file = file("q.jsonl", PLAIN.formatted("first"), line);
        for (Split split : Split.values()) {
            assertThatThrownBy(() -> QuestionFiles.read(file, split))
                    .isInstanceOf(InvalidDataException.class)
                    .hasMessageStartingWith(file + ", line 2: ")
                    .hasMessageContaining(complaint);
        }
    }

    @Test
    void manyBadLinesAreCounted() throws IOException {
        Path file = file("q.jsonl", IntStream.range(0, 13).mapToObj(i -> "x").toArray(String[]::new));
        assertThatThrownBy(() -> QuestionFiles.read(file, Split.TRAIN))
                .hasMessageContaining("line 10: ")
                .hasMessageNotContaining("line 11: ")
                .hasMessageEndingWith("; and 3 more");
    }

    @Test
    void bytesThatAreNoTextAreNamed() throws IOException {
        Path file = temp.resolve("q.jsonl");
        Files.write(file, new byte[] {'\n', (byte) 0xff, '\n'});
        assertThatThrownBy(() -> QuestionFiles.read(file, Split.TRAIN)).hasMessage(file + ", line 2: it is not UTF-8");
    }

    @Test
    void namesWhatIsNotThere() {
        assertThatThrownBy(() -> QuestionFiles.read(temp.resolve("no"), Split.TRAIN))
                .hasMessage("there is no file or folder of questions " + temp.resolve("no"));
        assertThatThrownBy(() -> QuestionFiles.read(temp, Split.TRAIN))
                .hasMessage("the folder " + temp + " has no file *.jsonl");
    }
}
