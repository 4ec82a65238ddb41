package io.railhead.transit.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.transit.InvalidDataException;
import io.railhead.transit.PlanningForm;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionType;
import io.railhead.transit.RouteSegment;
import io.railhead.transit.answer.AnswerChecker;
import io.railhead.transit.data.HoldOut;
import io.railhead.transit.data.Split;
import io.railhead.transit.data.TaskItem;
import io.railhead.transit.metric.EvaluationMode;
import io.railhead.transit.metric.PlanningJudge;
import io.railhead.transit.metric.PlanningVerdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The files are written by `tools/datasets/write_small_datasets.py`.
class TableTasksTest {
    @TempDir
    private Path temp;

    private static Path data(String name) {
        String file = Objects.requireNonNull(TableTasksTest.class.getResource("train.jsonl"))
                .getPath();
        return Path.of(file).resolveSibling(name);
    }

    private static List<TaskItem> items(String name, Split split) {
        TableTasks tasks = TableTasks.of(data(name), split, HoldOut.CITIES);
        assertThat(tasks.leftOut()).isEmpty();
        return tasks.tasks().items();
    }

    @Test
    void readsReasonMapFromShardsOfParquetWithBase64Figures() throws IOException {
        List<TaskItem> train = items("reasonmap", Split.TRAIN);
        assertThat(train)
                .extracting(
                        item -> item.question().city() + " " + item.question().form())
                .containsExactly(
                        "oldtown SHORT",
                        "oldtown VIA_COUNT",
                        "oldtown SHORT",
                        "oldtown VIA_COUNT",
                        "newtown SHORT",
                        "newtown VIA_COUNT");
        Question question = train.getFirst().question();
        assertThat(question.questionTransferCount()).isEqualTo(1);
        assertThat(question.routes())
                .singleElement()
                .satisfies(route -> assertThat(route.segments())
                        .containsExactly(
                                new RouteSegment("Red Line", "Ash Station", "Birch Station", 1),
                                new RouteSegment("Blue Line", "Birch Station", "Dogwood Station", 1)));
        assertThat(AnswerChecker.isCorrect(train.getFirst().key(), question.referenceResponse()))
                .isTrue();
        assertThat(train.getFirst().image())
                .isSameAs(train.get(3).image())
                .isNotEqualTo(train.get(4).image());
        assertThat(train.getFirst().image().load()).isEqualTo(Files.readAllBytes(data("maps/nowhere/oldtown.png")));
        assertThat(items("reasonmap", Split.TEST)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reasonmap-plus", "reasonmap-plus-disk"})
    void readsReasonMapPlusFromParquetAndFromDisk(String name) throws IOException {
        List<TaskItem> test = items(name, Split.TEST);
        assertThat(test)
                .extracting(item -> item.question().type().wireName() + " "
                        + item.question().answer())
                .containsExactly("TorF1 1", "TorF2 0", "Counting1 1", "Counting2 2", "Counting3 2");
        assertThat(test).allMatch(item -> item.question().city().equals("newtown"));
        assertThat(test)
                .allMatch(item ->
                        AnswerChecker.isCorrect(item.key(), item.question().referenceResponse()));
        assertThat(test.getFirst().image().load()).isEqualTo(Files.readAllBytes(data("maps/nowhere/newtown.png")));
        assertThat(items(name, Split.TRAIN)).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reasonmap-train-disk", "images-disk", "images.parquet"})
    void readsReasonMapTrainWithPathsAndWithPicturesInside(String name) throws IOException {
        List<TaskItem> train = items(name, Split.TRAIN);
        assertThat(train).hasSize(6);
        TaskItem planning = train.getLast();
        assertThat(planning.question().type()).isEqualTo(QuestionType.PLANNING);
        assertThat(planning.question().form()).isEqualTo(PlanningForm.SHORT);
        assertThat(planning.question().routes().getFirst().transfers()).isEqualTo(1);
        assertThat(AnswerChecker.isCorrect(planning.key(), planning.question().referenceResponse()))
                .isTrue();
        String map = name.startsWith("images") ? "newtown" : "oldtown";
        assertThat(planning.image().load()).isEqualTo(Files.readAllBytes(data("maps/nowhere/" + map + ".png")));
        assertThat(items(name, Split.TEST)).isEmpty();
    }

    @Test
    void readsJsonLinesOfEitherLayout() {
        assertThat(items("train.jsonl", Split.TRAIN)).hasSize(8);
    }

    @Test
    void holdsOutQuestionsWhereNoNameTellsTheSplits() {
        Path file = data("images.parquet");
        List<TaskItem> train =
                TableTasks.of(file, Split.TRAIN, HoldOut.QUESTIONS).tasks().items();
        List<TaskItem> test =
                TableTasks.of(file, Split.TEST, HoldOut.QUESTIONS).tasks().items();
        assertThat(train).hasSize(4);
        assertThat(test).hasSize(2);
    }

    @Test
    void namesTheFileTheRowAndTheColumnThatIsWrong() throws IOException {
        Path file = temp.resolve("train.jsonl");
        String figure = data("maps/nowhere/oldtown.png").toString();
        String good = "{\"country\":\"x\",\"city\":\"y\",\"type\":\"Counting3\",\"question\":\"q\",\"answer\":2,"
                + "\"difficulty_city\":\"easy\",\"figure\":\"" + figure + "\"}";
        for (var wrong : List.of(
                List.of("\"answer\":2", "\"answer\":\"two\"", "row 1: answer is \"two\", not a whole number"),
                List.of("\"city\":\"y\"", "\"city\":null", "row 1: city is null, not a text"),
                List.of("Counting3", "Counting9", "row 1: question type 'Counting9' is none of"),
                List.of("easy", "simple", "row 1: difficulty 'simple' is none of"),
                List.of(figure, "./maps/nothing.png", "row 1: figure './maps/nothing.png' is neither a file"),
                List.of("\"figure\"", "\"picture\"", "row 1: figure is missing, not a picture"),
                List.of("{", "[", "cannot be read: line 2 is not JSON"))) {
            Files.writeString(file, good + "\n" + good.replace(wrong.get(0), wrong.get(1)) + "\n");
            assertThatThrownBy(() -> TableTasks.of(file, Split.TRAIN, HoldOut.CITIES))
                    .isInstanceOf(InvalidDataException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining(wrong.get(2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reasonmap-plus/train.parquet", "reasonmap-train-disk/data-00000-of-00001.arrow"})
    void namesAFileThatIsCutOffOrNoneOfItsKind(String name) throws IOException {
        Path file = temp.resolve(Path.of(name).getFileName());
        byte[] whole = Files.readAllBytes(data(name));
        for (byte[] broken : List.of(
                Arrays.copyOf(whole, whole.length / 2), new byte[0], "<html>".getBytes(StandardCharsets.UTF_8))) {
            Files.write(file, broken);
            assertThatThrownBy(() -> TableTasks.of(file, Split.TRAIN, HoldOut.CITIES))
                    .isInstanceOf(InvalidDataException.class)
                    .hasMessageContaining("data file " + file);
        }
    }

    @Test
    void leavesOutARowWithoutARoute() throws IOException {
        Path file = temp.resolve("train.jsonl");
        Files.writeString(
                file, """
                {"country":"x","city":"y","type":"planning","question":"q","answer":-1,"difficulty_city":"easy",\
                "station_1":"A","station_2":"Z","json":{"1":["A","B"]},"figure":"FIGURE"}
                """.replace("FIGURE", data("maps/nowhere/oldtown.png").toString()));
        TableTasks tasks = TableTasks.of(file, Split.TRAIN, HoldOut.CITIES);
        assertThat(tasks.tasks().items()).isEmpty();
        assertThat(tasks.leftOut()).containsExactly("row 0 of train.jsonl: no route from A to Z");
    }

    @Test
    void plansTheRoutesOfARowThatHasNoneAlongTheShapeOfItsLines() throws IOException {
        Path file = temp.resolve("train.jsonl");
        String row = """
                {"country":"x","city":"y","type":"planning","question":"q","answer":-1,"difficulty_city":"easy",\
                "station_1":"A","station_2":"GOAL","json":{"1":["A","B","C","B","E","F"]},"figure":"FIGURE"}
                """.replace("FIGURE", data("maps/nowhere/oldtown.png").toString());
        Files.writeString(file, row.replace("GOAL", "C") + row.replace("GOAL", "F"));
        TableTasks tasks = TableTasks.of(file, Split.TRAIN, HoldOut.CITIES);
        assertThat(tasks.leftOut())
                .containsExactly("row 1 of train.jsonl: the route from A to F takes 1 where it may branch");
        TaskItem planned = tasks.tasks().items().getFirst();
        assertThat(planned.ownRoutes()).isFalse();
        String right = planned.question().referenceResponse();
        assertThat(PlanningJudge.of(planned, EvaluationMode.RAILHEAD)
                        .judge(right)
                        .mapScore())
                .isPositive();
        assertThat(PlanningJudge.of(planned, EvaluationMode.REFERENCE).judge(right))
                .isEqualTo(new PlanningVerdict(true, 0)); // as the published code scores a row without routes
        assertThat(items("reasonmap", Split.TRAIN)).allMatch(TaskItem::ownRoutes);
    }
}
