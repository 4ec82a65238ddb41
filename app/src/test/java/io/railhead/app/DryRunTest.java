package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DryRunTest {
    @TempDir
    private Path temp;

    @Test
    void showsActorsAndSettingsAndWritesNothing() {
        Path run = temp.resolve("run");
        CommandRun shown = CommandRun.of(
                "train",
                "--dry-run",
                "--steps",
                "3",
                "--run-dir",
                run.toString(),
                "--set",
                "data.maps-per-difficulty=1");
        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out())
                .contains("3 steps of")
                .containsPattern("controller +stage controller")
                .containsPattern("learner +train step executor on cpu")
                .containsPattern("rollout +rollout worker and generation executor on cpu")
                .contains("* railhead.stage.steps = 3")
                .contains("  railhead.stage.lease-timeout = ");
        assertThat(run).doesNotExist();
    }

    @Test
    void aNodeShowsItsOwnRolesOnly() {
        CommandRun shown =
                CommandRun.of("node", "--dry-run", "--role", "reward", "--set", "data.maps-per-difficulty=1");
        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out()).containsPattern("reward +2 reward scorers").doesNotContain("stage controller");
    }

    @Test
    void withJsonEverySettingIsThere() throws Exception {
        CommandRun shown = CommandRun.of("train", "--dry-run", "--json", "--set", "data.maps-per-difficulty=1");
        JsonNode all = JsonMapper.builder().build().readTree(shown.out());
        assertThat(all.get("actors").get("controller").get(0).textValue()).isEqualTo("stage controller");
        assertThat(all.get("settings").get("railhead.data.maps-per-difficulty").textValue())
                .isIn("1", "\"1\"");
    }

    @Test
    void whatTheRunWouldRefuseIsRefused() {
        CommandRun refused = CommandRun.of("train", "--dry-run", "--set", "stage.steps=-1");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("railhead.stage.steps");
    }
}
