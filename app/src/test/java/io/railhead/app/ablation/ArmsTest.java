package io.railhead.app.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.settings.ConfigurationException;
import io.railhead.app.run.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArmsTest {
    private static final Map<String, Object> PLAIN = Map.of(
            "reward.alpha", 0,
            "reward.difficulty.easy", 1,
            "reward.difficulty.middle", 1,
            "reward.difficulty.hard", 1,
            "reward.difficulty.direct", 0,
            "reward.difficulty.transfer", 0,
            "stage.curriculum.preset", "planning-only");

    @Test
    void theBuiltInArmsAreThoseOfThePaperAndThoseOfStaleness() {
        Arms arms = Arms.builtIn();
        assertThat(arms.byName().keySet()).containsAll(arms.usual()).containsAll(arms.against());
        assertThat(arms.usual())
                .hasSize(8)
                .allSatisfy(name -> assertThat(arms.get(name).paper()).isPresent());
        assertThat(arms.get("sft-then-rl"))
                .isEqualTo(new Arm(
                        "sft-then-rl",
                        "half of it sft, half rl-baseline-planning from there",
                        PLAIN,
                        0.5,
                        Optional.of(List.of(28.82, 30.38, 5.88, 10.62, 60.53, 55.38, 65.90))));
        assertThat(arms.get("rl-baseline-planning").settings()).isEqualTo(PLAIN);
        assertThat(arms.get("staleness-4").settings())
                .isEqualTo(Map.of("stage.curriculum.preset", "rewardmap", "stage.max-staleness", 4));
    }

    @Test
    void anArmsFileAddsToThemAndReplacesThem(@TempDir Path temp) throws IOException {
        Path file = Files.writeString(temp.resolve("own.conf"), """
                arms = [
                  { name = mine, description = "alpha 0.7", set { reward.alpha = 0.7 } }
                  { name = sft, description = "other", supervised-share = 1, set { supervised.responses = look-first } }
                ]
                """);
        Arms arms = Arms.builtIn().with(file);
        assertThat(arms.get("mine"))
                .isEqualTo(new Arm("mine", "alpha 0.7", Map.of("reward.alpha", 0.7), 0, Optional.empty()));
        assertThat(arms.get("sft").settings()).isEqualTo(Map.of("supervised.responses", "look-first"));
        assertThat(arms.get("rewardmap")).isEqualTo(Arms.builtIn().get("rewardmap"));
    }

    @Test
    void namesWhatIsWrongWithAnArm(@TempDir Path temp) throws IOException {
        assertThatThrownBy(() -> Arms.builtIn().get("rewardmp"))
                .isInstanceOf(UsageException.class)
                .hasMessage("no arm rewardmp; did you mean rewardmap?");
        assertRefused(temp, "{ name = a, description = b, sets {} }", "arms[0].set is missing", "bad.conf:1");
        assertRefused(temp, "{ name = a, description = b, set {}, share = 1 }", "unknown key", "share");
        assertRefused(temp, "{ name = base, description = b, set {} }", "'base'");
        assertRefused(
                temp, "{ name = a, description = b, set { eval.questions = 3 } }", "eval.questions", "asked alike");
        assertRefused(temp, "{ name = a, description = b, set {}, paper = [1, 2] }", "paper has 2 figures, not 7");
    }

    private static void assertRefused(Path temp, String arm, String... named) throws IOException {
        Path file = Files.writeString(temp.resolve("bad.conf"), "arms = [" + arm + "]");
        assertThatThrownBy(() -> Arms.builtIn().with(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(named);
    }
}
