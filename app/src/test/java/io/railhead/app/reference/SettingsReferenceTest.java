package io.railhead.app.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.app.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsReferenceTest {
    private static final SettingsReference REFERENCE = SettingsReference.ofModules();

    @Test
    void everySettingSaysWhatItMeans() {
        assertThat(REFERENCE.all())
                .hasSizeGreaterThan(150)
                .allSatisfy(setting ->
                        assertThat(setting.meaning()).as(setting.key()).isNotBlank());
    }

    /// `./railhead config reference > docs/configuration.md` writes the page again.
    @Test
    void thePageInTheDocumentationIsThatOfTheReferenceFiles() throws IOException {
        assertThat(Files.readString(Path.of("../docs/configuration.md"))).isEqualTo(ReferencePage.of(REFERENCE.all()));
    }

    @Test
    void aSettingIsExplainedWithItsValueAndWhereThatComesFrom() {
        CommandRun run = CommandRun.of("config", "explain", "stage.steps", "--set", "stage.steps=7");
        assertThat(run.out()).contains("railhead.stage.steps = ").contains("7").contains("set in --set stage.steps");
        assertThat(run.status()).isZero();
    }

    @Test
    void aSectionIsExplainedSettingBySetting() {
        CommandRun run = CommandRun.of("config", "explain", "railhead.learner.optimizer", "--json");
        assertThat(run.out().lines())
                .hasSize(REFERENCE.find("learner.optimizer").size())
                .allMatch(line -> line.startsWith("{\"key\":\"railhead.learner.optimizer."));
    }

    @Test
    void anUnknownSettingIsRefusedWithTheNearestOne() {
        CommandRun slip = CommandRun.of("config", "explain", "stage.max-stalenes");
        assertThat(slip.err()).contains("did you mean railhead.stage.max-staleness?");
        assertThat(slip.status()).isEqualTo(2);
        assertThat(CommandRun.of("config", "explain", "max-staleness").err())
                .contains("did you mean railhead.stage.max-staleness?");
    }

    @Test
    void theCompletionScriptKnowsCommandsAndOptions() {
        CommandRun run = CommandRun.of("completion");
        assertThat(run.out())
                .contains("complete -F _complete_railhead")
                .contains("--run-dir")
                .contains("replay");
    }
}
