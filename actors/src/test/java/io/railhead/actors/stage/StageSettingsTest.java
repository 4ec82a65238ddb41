package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.stage.StageSpec.Advance;
import io.railhead.policy.SamplingParams;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StageSettingsTest {
    @Test
    void readsTheDefaults() {
        StageSettings settings = StageSettings.from(ConfigFactory.parseResources("railhead-stage.conf"));

        assertThat(settings)
                .isEqualTo(new StageSettings(
                        20,
                        16,
                        8,
                        1,
                        LateLeases.PACE,
                        true,
                        1000,
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(6),
                        3,
                        64,
                        Duration.ofHours(1),
                        10,
                        3,
                        Duration.ofSeconds(1),
                        new WatchdogSettings(Map.of(
                                Watchdog.NO_STEP, rule(15),
                                Watchdog.NO_TRAJECTORY, rule(3),
                                Watchdog.NO_SCORE, rule(2),
                                Watchdog.NO_WEIGHTS, rule(5))),
                        new ClosedLoopSettings(
                                false,
                                new ClosedLoopSettings.Band(0.5, 0.8),
                                new ClosedLoopSettings.Band(0.005, 0.02),
                                0,
                                0.25,
                                1,
                                0.8,
                                8),
                        1,
                        SamplingParams.plain(64, 1),
                        CurriculumPresets.REWARDMAP.stages(320, List.of(0.2, 0.2, 0.2), 0, 1)));
    }

    private static WatchdogSettings.Rule rule(long minutes) {
        return new WatchdogSettings.Rule(Duration.ofMinutes(minutes), Watchdog.Action.WARN);
    }

    @Test
    void onlyLeasesAreIssuedAgain() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Settings.of("watchdogs.no-step.action = reissue"))
                .withMessageContaining("railhead.stage.watchdogs.no-step.action = \"reissue\" is for leases");
    }

    @Test
    void readsAListOfStages() {
        StageSettings settings = Settings.of("""
                late-leases = discard
                curriculum.stages = [
                  { name = easy, kinds = [TorF1], difficulties = [easy], rehearsal = 0.1, seed = 7,
                    advance = { rule = mastery, threshold = 0.9, min-groups = 64 } }
                  { name = more, kinds = [TorF1], seed = 8, advance = { rule = budget, groups = 5 } }
                  { name = flat, kinds = [], seed = 4, advance = { rule = plateau, min-delta = 0.02, patience = 9 } }
                  { name = last, kinds = [], seed = 9, advance = { rule = one-pass } }
                ]
                curriculum.pools { enabled = true, low = 0.2, high = 0.8, hard-weight = 0.5, easy-weight = 0.25 }
                """);

        assertThat(settings.lateLeases()).isEqualTo(LateLeases.DISCARD);
        assertThat(settings.curriculum())
                .allMatch(stage -> stage.pools().equals(Optional.of(new DifficultyPools(0.2, 0.8, 0.5, 0.25))))
                .extracting(stage -> stage.withPools(Optional.empty()))
                .containsExactly(
                        new StageSpec("easy", List.of("TorF1"), List.of("easy"), 7, 0.1, new Advance.Mastery(0.9, 64)),
                        new StageSpec("more", List.of("TorF1"), List.of(), 8, 0, new Advance.Budget(5)),
                        new StageSpec("flat", List.of(), List.of(), 4, 0, new Advance.Plateau(0.02, 9)),
                        new StageSpec("last", List.of(), List.of(), 9, 0, new Advance.OnePass()));
    }

    @Test
    void refusesAnUnknownKeyAndNamesTheNearest() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Settings.of("max-stalenes = 2"))
                .withMessageContaining("railhead.stage.max-stalenes")
                .withMessageContaining("did you mean railhead.stage.max-staleness?");
    }

    @Test
    void refusesABadValueAndNamesIt() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Settings.of("late-leases = maybe"))
                .withMessageContaining("railhead.stage.late-leases")
                .withMessageContaining("maybe")
                .withMessageContaining("pace, discard");
    }
}
