package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.app.run.RandomModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `off-policy` from end to end, with a model of random weights.
class OffPolicyCommandTest {
    @TempDir
    private static Path temp;

    private static Path model;

    @BeforeAll
    static void makeModel() throws IOException {
        model = RandomModel.in(temp.resolve("model"), 5);
    }

    @Test
    void comparesPresetsAtEachStalenessAndGoesOnWithMore() throws IOException {
        Path out = temp.resolve("comparison");
        CommandRun first = small("--presets", "dapo,areal", "--staleness", "0,2", "--out", out.toString());
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.out()).contains("4 runs, 0 of them known", "areal, 2 stale, seed 1: reward", "| dapo |");
        assertThat(Files.readString(out.resolve("off-policy.md"))).contains("| preset | 0 stale | 2 stale |");

        CommandRun more =
                small("--presets", "dapo", "--staleness", "0,2", "--seeds", "1,2", "--out", out.toString(), "--json");
        assertThat(more.status()).as(more.err()).isZero();
        assertThat(more.err()).contains("4 runs, 2 of them known");
        JsonNode results = new JsonMapper().readTree(more.out()).path("results");
        assertThat(results).hasSize(6);
        assertThat(results)
                .allSatisfy(result -> assertThat(result.path("rewards")).hasSize(3));
    }

    @Test
    void isTheSameHoweverManyRunAtATime() throws IOException {
        assertThat(rewards("1")).isEqualTo(rewards("2"));
    }

    @Test
    void refusesOptionsThatMakeNoSense() {
        String out = temp.resolve("none").toString();
        for (List<String> wrong :
                List.of(List.of("--staleness", "-1"), List.of("--parallel", "0"), List.of("--presets", "dappo"))) {
            List<String> all = new ArrayList<>(wrong);
            all.addAll(List.of("--out", out));
            CommandRun run = small(all.toArray(String[]::new));
            assertThat(run.status()).as(wrong + run.err()).isEqualTo(2);
            assertThat(run.err()).contains(wrong.getLast());
        }
        assertThat(temp.resolve("none")).doesNotExist();
    }

    private static List<String> rewards(String parallel) throws IOException {
        Path out = temp.resolve("parallel-" + parallel);
        CommandRun run = small(
                "--presets",
                "dapo,areal",
                "--staleness",
                "0,1",
                "--parallel",
                parallel,
                "--out",
                out.toString(),
                "--json");
        assertThat(run.status()).as(run.err()).isZero();
        return StreamSupport.stream(
                        new JsonMapper().readTree(run.out()).path("results").spliterator(), false)
                .map(result -> result.path("preset") + " " + result.path("staleness") + " " + result.path("rewards"))
                .sorted()
                .toList();
    }

    private static CommandRun small(String... args) {
        List<String> all = new ArrayList<>(List.of("off-policy", "--steps", "3"));
        all.addAll(List.of(args));
        List.of(
                        "policy.model=" + model,
                        "policy.slots=16",
                        "data.maps-per-difficulty=1",
                        "data.questions-per-type=1",
                        "eval.questions=6",
                        "eval.max-tokens=4",
                        "stage.groups-per-step=2",
                        "stage.group-size=4",
                        "stage.sampling.max-tokens=6",
                        "stage.filter-zero-variance=false")
                .forEach(setting -> all.addAll(List.of("--set", setting)));
        return CommandRun.of(all.toArray(String[]::new));
    }
}
