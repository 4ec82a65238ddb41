package io.railhead.transit.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.transit.Difficulty;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.map.MapGenerator;
import io.railhead.transit.map.MapPainter;
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
        assertThat(items).extracting(BenchmarkItem::group).containsExactly("colours", "numbers");
        assertThat(items.getFirst().prompt())
                .startsWith("Question: Which of\n\"these\"?\nOptions:\nA. red\nB. blue\nC. green\nPlease select the ");
        assertThat(items.getLast().prompt()).startsWith("Hint: look up\nQuestion: How many?\n");
        assertThat(items.getLast().image()).isSameAs(items.getFirst().image());
        assertThat(items.getFirst().image().load()).isEqualTo(picture);
        assertThat(benchmark.isCorrect(items.getFirst(), "The answer is B.")).isTrue();
        assertThat(benchmark.isCorrect(items.getLast(), "C")).isFalse();
    }

    @Test
    void readsChartQaBySplitAndAllowsFivePerCent() throws IOException {
        Path file = tsv("""
                index\timage\tquestion\tanswer\tsplit
                0\tPICTURE\tWhat share?\t40\ttest_human
                1\t0\tWhich country?\tPeru\ttest_augmented
                """);
        List<BenchmarkItem> items = BenchmarkFile.read(file, Benchmark.CHART_QA);
        assertThat(items).extracting(BenchmarkItem::group).containsExactly("test_human", "test_augmented");
        assertThat(items.getFirst().prompt()).endsWith("\nAnswer the question using a single word or phrase.");
        assertThat(Benchmark.CHART_QA.isCorrect(items.getFirst(), "42")).isTrue();
        assertThat(Benchmark.CHART_QA.isCorrect(items.getFirst(), "42.1")).isFalse();
        assertThat(Benchmark.CHART_QA.isCorrect(items.getFirst(), "about 40")).isFalse();
        assertThat(Benchmark.CHART_QA.isCorrect(items.getLast(), "peru.")).isTrue();
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
        assertThat(Benchmark.SPATIAL_EVAL.isCorrect(item, "B")).isTrue();
        assertThat(Benchmark.SPATIAL_EVAL.isCorrect(item, "C")).isFalse();
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
                .hasMessageContaining("b.tsv, index 3: image is '9', the index of no row before it");
    }
}
