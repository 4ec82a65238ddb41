package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.learner.trouble.TroubleAction;
import io.railhead.learner.trouble.TroubleKind;
import io.railhead.learner.trouble.TroubleSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TroubleSettingsTest {
    static final TroubleSettings DEFAULTS = new TroubleSettings(
            Map.of(
                    TroubleKind.NOT_FINITE_LOSS, TroubleAction.SKIP,
                    TroubleKind.NOT_FINITE_GRADIENT, TroubleAction.SKIP,
                    TroubleKind.NOT_FINITE_SCORES, TroubleAction.WARN,
                    TroubleKind.EXPLODING_RATIO, TroubleAction.WARN,
                    TroubleKind.ZERO_VARIANCE, TroubleAction.WARN,
                    TroubleKind.REWARD_DRIFT, TroubleAction.WARN),
            1e4,
            1,
            6,
            50,
            10,
            64,
            1000);

    static final TroubleSettings OTHERS = new TroubleSettings(
            Map.of(
                    TroubleKind.NOT_FINITE_LOSS, TroubleAction.FAIL,
                    TroubleKind.NOT_FINITE_GRADIENT, TroubleAction.ROLL_BACK,
                    TroubleKind.NOT_FINITE_SCORES, TroubleAction.SKIP,
                    TroubleKind.EXPLODING_RATIO, TroubleAction.ROLL_BACK,
                    TroubleKind.ZERO_VARIANCE, TroubleAction.SKIP,
                    TroubleKind.REWARD_DRIFT, TroubleAction.FAIL),
            5,
            0.5,
            3,
            7,
            2,
            4,
            6);

    @Test
    void aGradientThatIsNotFiniteIsNeverApplied() {
        assertThatThrownBy(() -> read("not-finite-gradient = warn"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("railhead.learner.trouble.not-finite-gradient = \"warn\" cannot be");
    }

    @Test
    void whatDependsOnTheStepsBeforeDoesNotSteerTheWeights() {
        assertThatThrownBy(() -> read("reward-drift = skip"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("railhead.learner.trouble.reward-drift = \"skip\" cannot be");
    }

    private static LearnerSettings read(String key) {
        return LearnerSettings.from(ConfigFactory.parseString("railhead.learner.trouble." + key)
                .withFallback(ConfigFactory.defaultReference()));
    }
}
