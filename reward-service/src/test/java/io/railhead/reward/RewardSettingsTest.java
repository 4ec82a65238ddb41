package io.railhead.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.settings.ConfigurationException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RewardSettingsTest {
    @Test
    void hasDefaults() {
        assertThat(RewardSettings.from(ConfigFactory.load()))
                .isEqualTo(new RewardSettings(
                        RewardProfile.RAILHEAD, RewardWeights.DEFAULT, 2, 100_000, Duration.ofSeconds(5), 2));
    }

    @Test
    void readsEveryKey() {
        assertThat(RewardSettings.from(with("""
                        profile = reference, alpha = 0.7, workers = 3, queue = 4, deadline = 6s, strikes = 7
                        difficulty { easy = 1, middle = 2, hard = 3, direct = 4, transfer = 5 }
                        """)))
                .isEqualTo(new RewardSettings(
                        RewardProfile.REFERENCE,
                        new RewardWeights(0.7, 1, 2, 3, 4, 5),
                        3,
                        4,
                        Duration.ofSeconds(6),
                        7));
    }

    @Test
    void namesAnUnknownKey() {
        assertThatThrownBy(() -> RewardSettings.from(with("difficulty.medium = 1")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("railhead.reward.difficulty.medium");
    }

    @Test
    void refusesAnAlphaThatTheProfileDoesNotAllow() {
        assertThatThrownBy(() -> RewardSettings.from(with("alpha = 1")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("alpha = 1.0");
    }

    private static Config with(String keys) {
        return ConfigFactory.parseString("railhead.reward { " + keys + " }").withFallback(ConfigFactory.load());
    }
}
