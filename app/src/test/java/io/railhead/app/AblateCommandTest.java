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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `ablate` from end to end, with a model of random weights.
class AblateCommandTest {
    @TempDir
    private static Path temp;

    private static Path model;

    @BeforeAll
    static void makeModel() throws IOException {
        model = RandomModel.in(temp.resolve("model"), 5);
    }

    @Test
    void comparesArmsAndGoesOnWithMore() throws IOException {
        Path out = temp.resolve("ablation");
        CommandRun first = small("--arms", "rl-baseline,sft-then-rl", "--steps", "2", "--out", out.toString());
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.out())
                .contains(
                        "arm rl-baseline, seed 1 (1 of 2)",
                        "arm sft-then-rl, seed 1: finished after 2 steps",
                        "Held-out questions after training",
                        "Difference to rl-baseline",
                        "RewardMap as published");
        assertThat(Files.readAllLines(out.resolve("results.jsonl"))).hasSize(3);
        assertThat(out.resolve("rl-baseline/seed-1/report.html")).exists();
        assertThat(out.resolve("sft-then-rl/seed-1-supervised/model.safetensors"))
                .exists();
        assertThat(Files.readString(out.resolve("ablation.md"))).contains("| sft-then-rl | 1 |");

        CommandRun more =
                small("--arms", "rl-baseline,sft", "--steps", "2", "--seeds", "1,2", "--out", out.toString(), "--json");
        assertThat(more.status()).as(more.err()).isZero();
        assertThat(more.err()).contains("arm rl-baseline, seed 1 (1 of 4): known", "arm sft, seed 2: finished");
        JsonNode json = new JsonMapper().readTree(more.out());
        assertThat(json.path("arms").findValuesAsText("arm"))
                .containsExactly("base", "rl-baseline", "sft", "sft-then-rl");
        assertThat(json.path("arms").get(1).path("seeds")).hasSize(2);
        assertThat(json.path("arms").findValuesAsText("responses")).containsExactly("0.0", "16.0", "16.0", "16.0");

        CommandRun other = small("--arms", "sft", "--steps", "3", "--out", out.toString());
        assertThat(other.status()).isEqualTo(2);
        assertThat(other.err()).contains("railhead.stage.steps = 2, not 3");
    }

    @Test
    void armsStopWhenTheirTimeIsOver() throws IOException {
        Path out = temp.resolve("timed");
        CommandRun run = small(
                "--arms", "staleness-0", "--steps", "100000", "--time-limit", "2s", "--out", out.toString(), "--json");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).contains("arm staleness-0, seed 1: stopped: its time limit of 2 s is over");
        JsonNode arm = new JsonMapper().readTree(run.out()).path("arms").get(1);
        assertThat(arm.path("seconds").asDouble()).isGreaterThanOrEqualTo(2.0);
        assertThat(arm.path("steps").asInt()).isLessThan(100_000);
    }

    @Test
    void everyBuiltInArmIsAValidConfiguration() {
        CommandRun list = CommandRun.of("ablate", "--list");
        List<String> names =
                list.out().lines().map(line -> line.split(" ", 2)[0]).toList();
        assertThat(names).contains("rewardmap", "sft");
        CommandRun run = small(
                "--arms",
                String.join(",", names),
                "--steps",
                "2",
                "--out",
                model.resolve("config.json").toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("config.json is a file"); // which is looked at when all arms are checked
    }

    @Test
    void namesAnArmThatIsNoneAndBudgetsThatCannotBeShared() {
        assertThat(small("--arms", "rewardmp").err()).contains("no arm rewardmp; did you mean rewardmap?");
        CommandRun run = small(
                "--arms",
                "sft-then-rl",
                "--steps",
                "1",
                "--out",
                temp.resolve("none").toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("--steps 1", "sft-then-rl");
        assertThat(temp.resolve("none")).doesNotExist();
    }

    private static CommandRun small(String... args) {
        List<String> all = new ArrayList<>(List.of("ablate"));
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
