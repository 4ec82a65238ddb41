package io.railhead.transit.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.railhead.transit.Difficulty;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.map.MapGenerator;
import io.railhead.transit.map.MapPainter;
import io.railhead.transit.metric.Accuracy;
import io.railhead.transit.metric.EvaluationMode;
import io.railhead.transit.metric.Intervals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BenchmarkTest {
    @TempDir
    private Path temp;

    private byte[] picture = new byte[0];

    @BeforeEach
    void paint() {
        picture = new MapPainter().png(MapGenerator.generate(1, Difficulty.EASY));
    }

    private Path tsv(String content) throws IOException {
        return Files.writeString(
                temp.resolve("b.tsv"),
                content.replace("PICTURE", Base64.getEncoder().encodeToString(picture)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Benchmark.class,
            names = {"SEED_BENCH_2_PLUS", "SPATIAL_EVAL", "V_STAR", "HR_BENCH", "MM_STAR"})
    void readsChoicesWithHintsQuotedFieldsAndSharedPictures(Benchmark benchmark) throws IOException {
        Path file = tsv("""
                index\timage\thint\tquestion\tA\tB\tC\tD\tanswer\tcategory
                7\tPICTURE\t\t"Which of
                ""these""?"\tred\tblue\tgreen\t\tB\tcolours
                8\t7\tlook up\tHow many?\t1\t2\t3\t4\tD\tnumbers
                """);
        List<BenchmarkItem> items = BenchmarkFile.read(file, benchmark);
        assertThat(items).extracting(BenchmarkItem::groups).containsExactly(List.of("colours"), List.of("numbers"));
        assertThat(items.getFirst().prompt())
                .startsWith("Question: Which of\n\"these\"?\nOptions:\nA. red\nB. blue\nC. green\nPlease select the ");
        assertThat(items.getLast().prompt()).startsWith("Hint: look up\nQuestion: How many?\n");
        assertThat(items.getLast().image()).isSameAs(items.getFirst().image());
        assertThat(items.getFirst().image().load()).isEqualTo(picture);
        assertThat(benchmark.isCorrect(items.getFirst(), "The answer is B.", EvaluationMode.RAILHEAD))
                .isTrue();
        assertThat(benchmark.isCorrect(items.getLast(), "C", EvaluationMode.RAILHEAD))
                .isFalse();
    }

    @Test
    void readsChartQaBySplitAndAllowsFivePerCent() throws IOException {
        Path file = tsv("""
                index\timage\tquestion\tanswer\tsplit
                0\tPICTURE\tWhat share?\t40\ttest_human
                1\t0\tWhich country?\tPeru\ttest_augmented
                """);
        List<BenchmarkItem> items = BenchmarkFile.read(file, Benchmark.CHART_QA);
        assertThat(items)
                .extracting(BenchmarkItem::groups)
                .containsExactly(List.of("test_human"), List.of("test_augmented"));
        assertThat(items.getFirst().prompt()).endsWith("\nAnswer the question using a single word or phrase.");
        assertThat(Benchmark.CHART_QA.isCorrect(items.getFirst(), "42", EvaluationMode.RAILHEAD))
                .isTrue();
        assertThat(Benchmark.CHART_QA.isCorrect(items.getFirst(), "42.1", EvaluationMode.RAILHEAD))
                .isFalse();
        assertThat(Benchmark.CHART_QA.isCorrect(items.getFirst(), "about 40", EvaluationMode.RAILHEAD))
                .isFalse();
        assertThat(Benchmark.CHART_QA.isCorrect(items.getLast(), "peru.", EvaluationMode.RAILHEAD))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "B|B",
                "(B)|B",
                "B. blue|B",
                "The answer is \\boxed{B}, not A.|B",
                "A red thing? No: B|B",
                "A blue car is seen|B",
                "it is the blue one|B",
                "red or blue|''",
                "A or B|''",
                "I do not know|''"
            })
    void findsTheOneOptionThatIsChosen(String response, String letter) {
        var options = new LinkedHashMap<String, String>();
        options.put("A", "red");
        options.put("B", "blue");
        options.put("C", "green");
        assertThat(Choice.of(options, response)).isEqualTo(letter);
    }

    @Test
    void anOptionThatIsOnlyInTheQuestionsTextIsKnownByItsLetter() throws IOException {
        Path file = tsv("index\timage\tquestion\tanswer\tcategory\n0\tPICTURE\tA. one B. two?\tB\tmaze\n");
        BenchmarkItem item = BenchmarkFile.read(file, Benchmark.SPATIAL_EVAL).getFirst();
        assertThat(Benchmark.SPATIAL_EVAL.isCorrect(item, "B", EvaluationMode.RAILHEAD))
                .isTrue();
        assertThat(Benchmark.SPATIAL_EVAL.isCorrect(item, "C", EvaluationMode.RAILHEAD))
                .isFalse();
    }

    @Test
    void namesTheFileAndWhatIsWrongWithIt() throws IOException {
        Path noAnswer = tsv("index\timage\tquestion\n0\tPICTURE\tq\n");
        assertThatThrownBy(() -> BenchmarkFile.read(noAnswer, Benchmark.MM_STAR))
                .isInstanceOf(InvalidDataException.class)
                .hasMessageContaining("b.tsv has no column 'answer'");
        Path noPicture = tsv("index\timage\tquestion\tanswer\n3\t9\tq\tA\n");
        assertThatThrownBy(() -> BenchmarkFile.read(noPicture, Benchmark.MM_STAR))
                .isInstanceOf(InvalidDataException.class)
                .hasMessageContaining("b.tsv, index 3: image is '9', the index of no row with a picture");
    }

    @Test
    void readsPicturesBesideTheFileAndThoseOfLaterRowsAndLeavesRowsWithoutOut() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("images/b/maze"));
        Files.write(folder.resolve("1.png"), picture);
        Path file = Files.writeString(temp.resolve("b_local.tsv"), """
                index\timage_path\tquestion\tA\tB\tanswer\tcategory
                0\tmaze/1.png\tq\tone\ttwo\tA\tmaze
                1\t\tq\tone\ttwo\tA\tmaze
                """);
        assertThat(BenchmarkFile.read(file, Benchmark.SPATIAL_EVAL))
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.id()).isEqualTo("0");
                    assertThat(item.image().load()).isEqualTo(picture);
                });
        Path later = tsv("""
                index\timage\tquestion\tA\tB\tanswer\tl2-category\tcategory
                0\t1\tq\tone\ttwo\tA\tmap\tmaze
                1\tPICTURE\tq\tone\ttwo\tA\tmap\tmaze
                """);
        List<BenchmarkItem> items = BenchmarkFile.read(later, Benchmark.SPATIAL_EVAL);
        assertThat(items).extracting(BenchmarkItem::groups).containsOnly(List.of("map", "maze"));
        assertThat(items.getFirst().image()).isSameAs(items.getLast().image());
    }

    @Test
    void hrBenchIsTheMeanOfItsCycles() throws IOException {
        Path file = tsv("""
                index\timage\tquestion\tA\tB\tanswer\tcategory\tcycle_category
                0\tPICTURE\tq\tone\ttwo\tA\tsingle\t0
                1\t0\tq\tone\ttwo\tB\tcross\t0
                2\t0\tq\ttwo\tone\tB\tsingle\t1
                """);
        BenchmarkTable table = new BenchmarkTable(Intervals.BOOTSTRAP);
        List<BenchmarkItem> items = BenchmarkFile.read(file, Benchmark.HR_BENCH);
        items.forEach(item -> table.add(item, !item.id().equals("1")));
        assertThat(table.rows())
                .extracting(Accuracy::name, Accuracy::correct, Accuracy::total, Accuracy::accuracy)
                .containsExactly(tuple("overall", 2, 3, 0.75), tuple("single", 2, 2, 1.0), tuple("cross", 0, 1, 0.0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "B|B",
                "\\boxed{B}|B",
                "(B) because it is the only one of all that is not of any other kind at all|''",
                "The answer is **B** because that is the blue one|B",
                "It is red or it is blue and the answer is B.|B",
                "The answer is a green bus of the city|A",
                "it is the blue one|B",
                "it is the blue one that everybody in town can see from afar|''",
                "red or blue|''",
                "Z|''"
            })
    void theReferenceReadsChoicesByThePublishedRules(String response, String letter) {
        var options = new LinkedHashMap<String, String>();
        options.put("A", "red");
        options.put("B", "blue");
        options.put("C", "a very long green bus");
        assertThat(PublishedChoice.of(options, response)).isEqualTo(letter);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "40|42|true|true",
                "40|42.1|false|false",
                "40%|0.4|true|true",
                "0|0|true|true",
                "0|0.01|false|false",
                "5|5d|false|false",
                "Peru|peru.|true|false",
                "[2014, 2016]|2014|false|true",
                "[2014, 2016]|[2014, 2016]|true|false",
                "['Peru', \"Chad\"]|chad|true|true",
                "[a]|[A]|true|true"
            })
    void chartQaAllowsFivePerCentOfANumber(String answer, String response, boolean railhead, boolean reference) {
        assertThat(Relaxed.agrees(answer, response, EvaluationMode.RAILHEAD)).isEqualTo(railhead);
        assertThat(Relaxed.agrees(answer, response, EvaluationMode.REFERENCE)).isEqualTo(reference);
    }
}
