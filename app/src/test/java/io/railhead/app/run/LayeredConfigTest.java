package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import io.railhead.actors.settings.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayeredConfigTest {
    @TempDir
    Path temp;

    @Test
    void aLaterLayerWins() throws IOException {
        Path file =
                Files.writeString(temp.resolve("my.conf"), "stage { steps = 1, seed = 11 }, railhead.eval.slots = 3");
        Config config = new LayeredConfig(
                        Optional.of("embedded"),
                        Optional.of(file),
                        List.of("stage.steps=2", "railhead.run.stall-timeout=9s"),
                        Map.of("stage.steps", 5))
                .resolve();
        assertThat(config.getInt("railhead.stage.steps")).isEqualTo(5);
        assertThat(config.getInt("railhead.stage.seed")).isEqualTo(11);
        assertThat(config.getInt("railhead.eval.slots")).isEqualTo(3);
        assertThat(config.getDuration("railhead.run.stall-timeout")).hasSeconds(9);
        assertThat(config.getString("railhead.policy.model")).isEqualTo("embedded");
    }

    @Test
    void aPresetOfTheLearnerStandsRightBelowTheLayerThatNamesIt() throws IOException {
        Path file = Files.writeString(temp.resolve("my.conf"), "learner { preset = gspo, epochs = 2 }");
        LayeredConfig layers = new LayeredConfig(
                Optional.of("embedded"), Optional.of(file), List.of("learner.clip.high=0.5"), Map.of());
        Config config = layers.resolve();
        assertThat(config.getString("railhead.learner.objective")).isEqualTo("gspo");
        assertThat(config.getDouble("railhead.learner.clip.low")).isEqualTo(3e-4);
        assertThat(config.getDouble("railhead.learner.clip.high")).isEqualTo(0.5);
        assertThat(config.getString("railhead.learner.aggregation")).isEqualTo("seq-mean-token-mean");
        assertThat(config.getDouble("railhead.learner.optimizer.learning-rate")).isEqualTo(1e-4);
        Config goesOn = new LayeredConfig(Optional.empty(), Optional.empty(), List.of("learner.preset=cispo"), Map.of())
                .resolveOver(config);
        assertThat(goesOn.getString("railhead.learner.objective")).isEqualTo("cispo");
        assertThat(goesOn.getInt("railhead.learner.epochs")).isEqualTo(2);
    }

    @Test
    void theProfileKeepsItsChoicesWithoutAPreset() {
        Config config = new LayeredConfig(Optional.of("embedded"), Optional.empty(), List.of(), Map.of()).resolve();
        assertThat(config.getString("railhead.learner.aggregation")).isEqualTo("token-mean");
        assertThat(config.getDouble("railhead.learner.kl-coefficient")).isZero();
    }

    @Test
    void theLaterOfTwoAssignmentsWins() {
        assertThat(assigned("stage.seed=1", "stage.seed=2").getInt("railhead.stage.seed"))
                .isEqualTo(2);
    }

    @Test
    void anAssignedValueIsTakenAsItStands() {
        assertThat(assigned("data.folder=/a:b//c").getString("railhead.data.folder"))
                .isEqualTo("/a:b//c");
    }

    @Test
    void nullTakesASettingAway() {
        assertThat(assigned("traces.endpoint=http://collector:4318", "traces.endpoint=null")
                        .hasPath("railhead.traces.endpoint"))
                .isFalse();
    }

    @Test
    void anUnknownAreaIsRejectedWithTheNearestOne() {
        assertThatThrownBy(() -> assigned("stagee.steps=1"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("railhead.stagee")
                .hasMessageContaining("railhead.stage?");
    }

    @Test
    void anUnknownKeyIsRejectedByItsArea() {
        assertThatThrownBy(() -> RunSettings.from(assigned("run.dirr=x")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("railhead.run.dirr")
                .hasMessageContaining("railhead.run.dir?");
    }

    @Test
    void aMissingFileAndAnUnknownProfileAreNamed() {
        assertThatThrownBy(() -> new LayeredConfig(
                                Optional.empty(), Optional.of(temp.resolve("no.conf")), List.of(), Map.of())
                        .resolve())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no.conf");
        assertThatThrownBy(
                        () -> new LayeredConfig(Optional.of("huge"), Optional.empty(), List.of(), Map.of()).resolve())
                .isInstanceOf(UsageException.class)
                .hasMessage("unknown profile huge");
    }

    private static Config assigned(String... assignments) {
        return new LayeredConfig(Optional.empty(), Optional.empty(), List.of(assignments), Map.of()).resolve();
    }
}
