package io.railhead.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.railhead.app.CommandRun;
import io.railhead.app.run.RandomModel;
import io.railhead.learner.LearnerMetrics;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `docs/metrics.md` against the metrics of a run that measures all it can.
class MetricsDocumentTest {
    private static final Set<String> NOT_MEASUREMENTS = Set.of("version", "time", "stage");

    @TempDir
    static Path temp;

    private static Set<String> emitted;
    private static List<String> rows;

    @BeforeAll
    static void run() throws IOException {
        Path run = temp.resolve("run");
        CommandRun trained = CommandRun.ofSmall(
                "train",
                "--run-dir",
                run.toString(),
                "--steps",
                "3",
                "--model",
                RandomModel.in(temp.resolve("model"), 5).toString(),
                "--set",
                "stage.closed-loop.enabled=true",
                "--set",
                "stage.closed-loop.patience=4",
                "--set",
                "stage.tick=10ms",
                "--set",
                "stage.watchdogs.no-trajectory.after=10ms",
                "--set",
                "learner.kl-coefficient=0.01",
                "--json");
        assertThat(trained.status()).as(trained.err()).isZero();
        emitted = new TreeSet<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            new ObjectMapper().readTree(line).fieldNames().forEachRemaining(emitted::add);
        }
        emitted.removeAll(NOT_MEASUREMENTS);
        rows = rows();
    }

    @Test
    void everyMetricOfARunHasItsRow() {
        assertThat(emitted).allMatch(name -> rows.stream().anyMatch(row -> names(row, name)));
    }

    @Test
    void everyRowIsAMetric() {
        Set<String> known = new TreeSet<>(emitted);
        known.addAll(ofTheLearner());
        assertThat(rows).allMatch(row -> known.stream().anyMatch(name -> names(row, name)));
    }

    @Test
    void everyMetricOfTheLearnerHasItsRow() {
        assertThat(ofTheLearner()).allMatch(name -> rows.stream().anyMatch(row -> names(row, name)));
    }

    /// Those whose end varies get one.
    private static List<String> ofTheLearner() {
        List<String> names = new ArrayList<>();
        for (Field field : LearnerMetrics.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                try {
                    String name = (String) field.get(null);
                    names.add(field.getName().endsWith("_PREFIX") ? name + "1" : name);
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return names;
    }

    private static boolean names(String row, String metric) {
        Matcher word = Pattern.compile("[A-Z]+|[^A-Z]+").matcher(row);
        StringBuilder pattern = new StringBuilder();
        while (word.find()) {
            pattern.append(
                    Character.isUpperCase(word.group().charAt(0)) ? "[A-Za-z0-9/-]+" : Pattern.quote(word.group()));
        }
        return metric.matches(pattern.toString());
    }

    private static List<String> rows() throws IOException {
        Matcher row = Pattern.compile("(?m)^\\| `([^`]+)` \\| [^|]+ \\| [^|]+ \\|$")
                .matcher(Files.readString(root().resolve("docs/metrics.md")));
        List<String> rows = new ArrayList<>();
        while (row.find()) {
            if (!row.group(1).startsWith("railhead_")) {
                rows.add(row.group(1));
            }
        }
        assertThat(rows).hasSizeGreaterThan(40).doesNotHaveDuplicates();
        return rows;
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("app") ? here.resolveSibling("") : here;
    }
}
