package io.railhead.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.reward.RewardSettings.Isolation;
import io.railhead.reward.RewardSettings.Scorer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RewardSettingsTest {
    @Test
    void hasDefaults() {
        assertThat(RewardSettings.from(ConfigFactory.load()))
                .isEqualTo(new RewardSettings(
                        RewardProfile.RAILHEAD,
                        RewardWeights.DEFAULT,
                        new Scorer.OfProfile(),
                        2,
                        100_000,
                        Isolation.of(Duration.ofSeconds(5), 2)));
    }

    @Test
    void readsEveryKey() {
        assertThat(RewardSettings.from(with("""
                        profile = reference, alpha = 0.7, workers = 3, queue = 4, deadline = 6s, strikes = 7
                        failures-in-a-row = 8, pause = 9s, lost-threads = 10, largest = 11, function = remote
                        remote { url = "https://h/s", attempts = 2, timeout = 1s, pause = 2ms, token = t }
                        difficulty { easy = 1, middle = 2, hard = 3, direct = 4, transfer = 5 }
                        """)))
                .isEqualTo(new RewardSettings(
                        RewardProfile.REFERENCE,
                        new RewardWeights(0.7, 1, 2, 3, 4, 5),
                        new Scorer.Remote(
                                URI.create("https://h/s"), 2, Duration.ofSeconds(1), Duration.ofMillis(2), "t", 11),
                        3,
                        4,
                        new Isolation(Duration.ofSeconds(6), 7, 8, Duration.ofSeconds(9), 10)));
    }

    @Test
    void makesAFunctionFromTheNameOfItsClass() {
        RewardSettings settings = RewardSettings.from(with("function = " + LyingFunction.class.getName()));
        assertThat(settings.function().score(Singapore.direct(), "four").reward())
                .isEqualTo(4);
    }

    @Test
    void namesAClassThatCannotBeTheFunction() {
        Map.of(
                        "com.example.Missing",
                        "com.example.Missing is not on the class path",
                        "java.lang.String",
                        "java.lang.String does not implement io.railhead.reward.RewardFunction",
                        BreakableFunction.class.getName(),
                        "is not a public class with a public constructor")
                .forEach((name, complaint) -> assertThatThrownBy(() -> RewardSettings.from(with("function = " + name)))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("railhead.reward.function = ")
                        .hasMessageContaining(complaint));
    }

    @Test
    void namesAClassThatScoresOnlyTheOtherKindOfQuestion() {
        RewardSettings own = RewardSettings.from(with("function = " + SortedLetters.class.getName()));
        own.requireScoring(true);
        assertThatThrownBy(() -> own.requireScoring(false))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SortedLetters scores no questions about maps");
        RewardSettings maps = RewardSettings.from(with("function = " + LyingFunction.class.getName()));
        maps.requireScoring(false);
        assertThatThrownBy(() -> maps.requireScoring(true))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("does not implement io.railhead.reward.OwnReward");
        RewardSettings.from(with("function = profile")).requireScoring(true);
    }

    @Test
    void namesAnAddressThatIsNone() {
        assertThatThrownBy(() -> RewardSettings.from(with("remote.url = \"ftp://h\"")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("railhead.reward.remote.url");
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
