package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.learner.objective.surrogate.Cispo;
import io.railhead.learner.objective.surrogate.RatioClip;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LearnerPresetsTest {
    private static final Config DEFAULTS = ConfigFactory.defaultReference();

    @ParameterizedTest
    @MethodSource("io.railhead.learner.LearnerPresets#names")
    void everyPresetIsAValidChoiceOfAllObjectiveKeys(String name) {
        LearnerSettings.from(LearnerPresets.under(layer("preset = " + name)).withFallback(DEFAULTS));
        Set<String> keys = new TreeSet<>(DEFAULTS.getObject("railhead.learner").keySet());
        keys.removeAll(Set.of(
                "preset",
                "objective-options",
                "optimizer",
                "epochs",
                "minibatches",
                "microbatch-tokens",
                "checkpoints",
                "trouble"));
        assertThat(new TreeSet<>(LearnerPresets.named(name).root().keySet())).isEqualTo(keys);
        keys.stream()
                .filter(key -> LearnerPresets.named(name).root().get(key) instanceof com.typesafe.config.ConfigObject)
                .forEach(section -> assertThat(
                                LearnerPresets.named(name).getObject(section).keySet())
                        .isEqualTo(DEFAULTS.getObject("railhead.learner." + section)
                                .keySet()));
    }

    @Test
    void theDefaultsAreThePresetThatTheyName() {
        assertThat(LearnerSettings.from(
                        LearnerPresets.under(layer("preset = rewardmap")).withFallback(DEFAULTS)))
                .isEqualTo(LearnerSettings.from(DEFAULTS));
    }

    @Test
    void aPresetWinsOverWhatStandsBelowAndLosesToItsOwnLayer() {
        Config profile = layer("objective = gspo, clip.low = 0.1, aggregation = token-sum");
        Config user = LearnerPresets.under(layer("preset = cispo, clip.high = 0.5"));
        LearnerSettings settings =
                LearnerSettings.from(user.withFallback(profile).withFallback(DEFAULTS));
        assertThat(settings.objective().surrogate()).isEqualTo(new Cispo(1, 0.5));
        Config above = LearnerPresets.under(layer("preset = dapo"));
        assertThat(LearnerSettings.from(above.withFallback(user).withFallback(DEFAULTS))
                        .objective()
                        .surrogate())
                .isEqualTo(RatioClip.of(0.2, 0.28));
    }

    @Test
    void anUnknownPresetIsRefusedWithTheNearestOne() {
        assertThatThrownBy(() -> LearnerPresets.under(layer("preset = dapoo")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("railhead.learner.preset = dapoo")
                .hasMessageContaining("did you mean dapo?");
    }

    private static Config layer(String text) {
        return ConfigFactory.parseString("railhead.learner {" + text + "}");
    }
}
