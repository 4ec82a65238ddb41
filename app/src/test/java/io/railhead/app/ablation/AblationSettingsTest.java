package io.railhead.app.ablation;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.app.run.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblationSettingsTest {
    private static final Arm ONE = arm("one", 0.5);
    private static final Arm TWO = arm("two", 0.5);

    @TempDir
    private Path temp;

    @Test
    void anAblationGoesOnWithTheSameSettingsAndMoreArms() throws IOException {
        Path file = temp.resolve("ablation.conf");
        AblationSettings.keep(file, with("stage.steps = 20"), List.of(ONE));
        AblationSettings.keep(file, with("stage.steps = 20, run.dir = elsewhere"), List.of(TWO));
        assertThatCode(() -> AblationSettings.keep(file, with("stage.steps = 20"), List.of(ONE, TWO)))
                .doesNotThrowAnyException();
    }

    @Test
    void namesTheKeyThatDiffers() throws IOException {
        Path file = temp.resolve("ablation.conf");
        AblationSettings.keep(file, with("stage.steps = 20"), List.of(ONE));
        assertThatThrownBy(() -> AblationSettings.keep(file, with("stage.steps = 40"), List.of(ONE)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("ablation.conf has railhead.stage.steps = 20, not 40");
        assertThatThrownBy(() -> AblationSettings.keep(file, with("stage.steps = 20"), List.of(arm("one", 0.7))))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("arms.one.set.reward.alpha = 0.5, not 0.7");
    }

    private static Config with(String settings) {
        return ConfigFactory.parseString("railhead { " + settings + " }")
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    private static Arm arm(String name, double alpha) {
        return new Arm(name, "", Map.of("reward.alpha", alpha), 0, Optional.empty());
    }
}
