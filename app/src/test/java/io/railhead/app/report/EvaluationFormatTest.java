package io.railhead.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.app.run.Evaluation;
import io.railhead.app.run.UsageException;
import io.railhead.transit.QuestionType;
import io.railhead.transit.data.GeneratedTasks;
import io.railhead.transit.data.Split;
import io.railhead.transit.metric.Intervals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationFormatTest {
    @TempDir
    private Path temp;

    /// Twelve questions about three maps, planning right and all else wrong.
    private static Evaluation evaluation() {
        return new Evaluation(
                GeneratedTasks.of(1, 1, 1, Split.TEST).items().stream()
                        .map(item -> Evaluation.Answer.ofMap(
                                item,
                                "I say,\n\"<" + item.question().type().wireName() + ">\"",
                                7,
                                item.question().type() == QuestionType.PLANNING,
                                item.question().type() == QuestionType.PLANNING ? 15 : 0))
                        .toList(),
                Intervals.WILSON);
    }

    private Path written(String name) throws IOException {
        Path file = temp.resolve(name);
        EvaluationFormat.of(file).write(EvaluationDocument.of(evaluation()), file);
        return file;
    }

    @Test
    void jsonHasRowsMeansAndEveryAnswer() throws IOException {
        JsonNode json = new JsonMapper().readTree(Files.readString(written("e.json")));
        assertThat(json.path("answers")).hasSize(evaluation().answers().size());
        assertThat(json.path("answers").path(0).path("tokens").asInt()).isEqualTo(7);
        assertThat(json.path("means").path(0).path("name").asText()).isEqualTo("map score");
        assertThat(json.path("means").path(0).path("mean").asDouble()).isEqualTo(15);
    }

    @Test
    void rowsWithoutMeansCanBeRead() throws IOException {
        Path old = temp.resolve("old.json");
        Files.writeString(old, "{\"questions\":3,\"mean_tokens\":1.5,\"accuracy\":[],\"weighted_accuracy\":[]}");
        assertThat(EvaluationRows.read(old)).contains(new EvaluationRows(3, 1.5, List.of(), List.of(), List.of()));
    }

    @Test
    void csvHasARowAnAnswerAndQuotesWhatNeedsIt() throws IOException {
        String csv = Files.readString(written("e.csv"));
        assertThat(csv)
                .startsWith("id,type,form,city,difficulty_city,difficulty_question,correct,map_score,tokens,")
                .contains(",false,0.0,7,\"I say,\n\"\"<TorF1>\"\"\",\\boxed{");
    }

    @Test
    void markdownIsOneTable() throws IOException {
        assertThat(Files.readAllLines(written("e.md")))
                .startsWith("| accuracy, % | value | 95 % interval | questions |", "|---|---:|---:|---:|")
                .contains("| mean map score | 15.00 | 15.00 - 15.00 | 3 |")
                .allMatch(line -> line.startsWith("|") && line.endsWith("|"));
    }

    @Test
    void htmlShowsEachMapWithItsQuestionsAnswersAndVerdicts() throws IOException {
        String html = Files.readString(written("e.html"));
        assertThat(html)
                .contains("&lt;planning&gt;", "<td>right</td>", "<td>wrong</td>")
                .doesNotContain("<planning>");
        try (var maps = Files.list(temp.resolve("e-maps"))) {
            assertThat(maps.map(map -> "src=\"e-maps/" + map.getFileName() + "\"")
                            .toList())
                    .hasSize(3)
                    .allMatch(html::contains);
        }
    }

    @Test
    void refusesAnEndingThatIsNoFormat() {
        assertThatThrownBy(() -> EvaluationFormat.of(Path.of("e.xml")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("e.xml ends in none of .json, .csv, .md, .html");
    }
}
