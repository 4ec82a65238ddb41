package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.transit.Difficulty;
import io.railhead.transit.map.MapGenerator;
import io.railhead.transit.map.MapPainter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalCommandTest {
    @TempDir
    Path temp;

    @Test
    void writesAPageWithMapsAnswersAndVerdicts() throws IOException {
        Path page = temp.resolve("eval.html");
        CommandRun run = CommandRun.of(
                "eval",
                "--limit",
                "6",
                "--set",
                "eval.mode=reference",
                "--set",
                "eval.intervals=bootstrap",
                "--out",
                page.toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("ReasonMap-Plus", "map score", "tokens, counting");
        assertThat(Files.readString(page)).contains("<h1>Evaluation: 6 questions</h1>", "eval-maps/");
        CommandRun refused = CommandRun.of(
                "eval", "--limit", "6", "--out", temp.resolve("eval.xml").toString());
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("eval.xml ends in none of .json, .csv, .md, .html");
    }

    @Test
    void asksABenchmarkOfItsTsvFile() throws IOException {
        String picture =
                Base64.getEncoder().encodeToString(new MapPainter().png(MapGenerator.generate(1, Difficulty.EASY)));
        Path file = temp.resolve("MMStar.tsv");
        Files.writeString(file, """
                index\timage\tquestion\tA\tB\tanswer\tcategory
                0\tPICTURE\tWhich?\tone\ttwo\tA\tmath
                1\t0\tWhich?\tone\ttwo\tB\tlogic
                """.replace("PICTURE", picture));
        CommandRun run = CommandRun.of("eval", "--data", file.toString(), "--benchmark", "mm-star");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("mm-star ").contains("  overall ", "  math ", "  logic ");
        for (String ending : List.of("json", "csv", "md", "html")) {
            Path out = temp.resolve("mmstar." + ending);
            CommandRun written = CommandRun.of(
                    "eval", "--data", file.toString(), "--benchmark", "mm-star", "--out", out.toString(), "--json");
            assertThat(written.status()).as(written.err()).isZero();
            assertThat(written.out()).startsWith("{\"benchmark\":\"mm-star\",\"questions\":2,");
            assertThat(Files.readString(out)).contains("math", "logic");
        }
        assertThat(temp.resolve("mmstar-maps")).isDirectoryContaining("glob:**.png");
        CommandRun refused =
                CommandRun.of("eval", "--data", file.toString(), "--benchmark", "mm-star", "--out", "mmstar.txt");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("mmstar.txt ends in none of .json, .csv, .md, .html");
        CommandRun unknown = CommandRun.of("eval", "--data", file.toString(), "--benchmark", "mmstar");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).contains("benchmark 'mmstar' is none of seed-bench-2-plus, spatial-eval, v-star");
    }
}
