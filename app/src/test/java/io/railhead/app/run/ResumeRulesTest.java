package io.railhead.app.run;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResumeRulesTest {
    @Test
    void theSameConfigurationIsNoChangeHoweverItIsWritten() {
        assertThat(accept("stage.seed = 1, learner.clip.low = 0.2", "stage.seed = \"1\", learner.clip.low = 2.0e-1"))
                .isEmpty();
    }

    @Test
    void anAddressIsNoNumber() {
        assertThat(accept("cluster.host = \"10.77.0.1\"", "cluster.host = \"10.77.0.2\""))
                .containsExactly(new ConfigChange("cluster.host", "10.77.0.1", "10.77.0.2"));
    }

    @Test
    void longNumbersThatDifferInTheirLastDigitDiffer() {
        assertThat(accept("stage.steps = 9007199254740992", "stage.steps = 9007199254740993"))
                .containsExactly(new ConfigChange("stage.steps", "9007199254740992", "9007199254740993"));
    }

    @Test
    void whatMayChangeIsTold() {
        assertThat(accept("stage.steps = 20, stage.seed = 1", "stage.steps = 40, stage.seed = 1"))
                .containsExactly(new ConfigChange("stage.steps", "20", "40"));
    }

    @Test
    void everyOffendingKeyIsNamedWithBothValuesAndTheReason() {
        assertThatThrownBy(() -> accept(
                        "stage { group-size = 8, seed = 1, steps = 9 }, data.maps-per-difficulty = 40",
                        "stage { group-size = 4, seed = 2, steps = 10 }, data.maps-per-difficulty = 2"))
                .isInstanceOf(UsageException.class)
                .hasMessage("""
                        the run cannot go on with this configuration
                        railhead.data.maps-per-difficulty = 40 -> 2 is refused: prompts already drawn and prompts still \
                        to come would be of different data
                        railhead.stage.group-size = 8 -> 4 is refused: leases of the commit that are still open have \
                        groups of the old size
                        railhead.stage.seed = 1 -> 2 is refused: the commit counts places in an order of prompts, and \
                        it would be another order""");
    }

    @Test
    void theLongerRuleCounts() {
        assertThat(ResumeRules.of("learner.optimizer.learning-rate")
                        .orElseThrow()
                        .mayChange())
                .isTrue();
        assertThat(ResumeRules.of("learner.optimizer.beta1").orElseThrow().mayChange())
                .isFalse();
        assertThat(ResumeRules.of("policy.lora.rank").orElseThrow().mayChange()).isFalse();
    }

    @Test
    void aKeyOfALaterReleaseIsNoChange() {
        assertThat(accept("stage.seed = 1", "stage.seed = 1, stage.group-size = 8"))
                .isEmpty();
    }

    @Test
    void everyKeyThatThereIsHasARule() {
        List<String> without = new ArrayList<>();
        collect("", ConfigFactory.defaultReference().getObject("railhead"), without);
        assertThat(without).isEmpty();
    }

    @Test
    void theDocumentHasTheTable() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path root = here.endsWith("app") ? requireNonNull(here.getParent()) : here;
        assertThat(Files.readAllLines(root.resolve("docs/long-runs.md")))
                .containsSequence(
                        ResumeRules.table().stream().map(ResumeRule::row).toList());
    }

    private static void collect(String prefix, ConfigObject section, List<String> without) {
        for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
            String key = prefix + entry.getKey();
            if (entry.getValue() instanceof ConfigObject inner) {
                collect(key + ".", inner, without);
            } else if (ResumeRules.of(key).isEmpty()) {
                without.add(key);
            }
        }
    }

    private static List<ConfigChange> accept(String before, String now) {
        return ResumeRules.accept(section(before), section(now));
    }

    private static Config section(String text) {
        return ConfigFactory.parseString("railhead { " + text + " }");
    }
}
