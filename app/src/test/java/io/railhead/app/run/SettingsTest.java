package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.learner.LearnerSettings.Optimizer;
import io.railhead.learner.LearningRate;
import io.railhead.policy.ComputeType;
import io.railhead.policy.LoraConfig;
import io.railhead.policy.SwapMode;
import io.railhead.policy.djl.ComputeOptions;
import io.railhead.policy.djl.EngineLimits;
import io.railhead.policy.djl.EngineOptions;
import io.railhead.policy.djl.TrainingOptions;
import io.railhead.transit.PlanningForm;
import io.railhead.transit.data.HoldOut;
import io.railhead.transit.metric.EvaluationMode;
import io.railhead.transit.metric.Intervals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final Config DEFAULTS = ConfigFactory.defaultReference();

    @Test
    void defaultsOfEachAreaAreValid() {
        assertThat(RunSettings.from(DEFAULTS))
                .isEqualTo(new RunSettings(
                        Optional.empty(), Duration.ofMinutes(10), Duration.ofSeconds(10), Optional.empty()));
        assertThat(PolicySettings.from(DEFAULTS))
                .isEqualTo(new PolicySettings(
                        "embedded",
                        List.of(EngineOptions.of(new EngineLimits(128, 65_536, 4096))),
                        TrainingOptions.DEFAULT,
                        Duration.ZERO));
        assertThat(EvalSettings.from(DEFAULTS))
                .isEqualTo(new EvalSettings(120, 96, EvaluationMode.RAILHEAD, Intervals.WILSON));
        assertThat(SupervisedSettings.from(DEFAULTS))
                .isEqualTo(new SupervisedSettings(
                        20,
                        128,
                        List.of(),
                        AnswerStyle.ANSWER,
                        new Optimizer(LearningRate.constant(1e-5), 0.9, 0.999, 1e-8, 0.01, 1),
                        1));
        assertThat(DataSettings.from(DEFAULTS).source()).isEqualTo(DataSettings.Source.GENERATED);
    }

    @Test
    void everyKeyIsMapped() {
        Config config = ConfigFactory.parseString("""
                railhead.run { dir = "x/y", stall-timeout = 4s, shutdown-timeout = 5s, time-limit = 6s }
                railhead.policy { model = "m/dir", slots = 2, cache-tokens = 30 }
                railhead.policy { prefill-tokens = 4, vision-frozen = true, compute = bfloat16, recompute = true }
                railhead.policy { rollout-devices = ["cuda:0", "cuda:1"], learner-device = "cuda:2", head-tokens = 5 }
                railhead.policy { weights-change = drain, simulated-wait = 7ms, lora { rank = 6, alpha = 7, targets = [q_proj] } }
                railhead.eval { questions = 1, max-tokens = 2, mode = reference, intervals = bootstrap }
                railhead.data { source = folder, folder = "f", hold-out = questions }
                railhead.data { maps-per-difficulty = 2, questions-per-type = 3, seed = 4 }
                railhead.data.planning-forms = [short, via-stops]
                railhead.supervised { steps = 1, questions-per-step = 2, kinds = [planning], responses = look-first }
                railhead.supervised.seed = 3
                railhead.supervised.optimizer {
                  learning-rate = 0.1, warmup-steps = 2, decay = linear, decay-steps = 3, final-share = 0.4
                  beta1 = 0.5, beta2 = 0.6, epsilon = 0.7, weight-decay = 0.8, max-gradient-norm = 9
                }
                """);
        assertThat(RunSettings.from(config))
                .isEqualTo(new RunSettings(
                        Optional.of(Path.of("x/y")),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Optional.of(Duration.ofSeconds(6))));
        Optional<LoraConfig> lora = Optional.of(new LoraConfig(6, 7, List.of("q_proj")));
        assertThat(PolicySettings.from(config))
                .isEqualTo(new PolicySettings(
                        "m/dir",
                        List.of(engine("cuda:0", lora), engine("cuda:1", lora)),
                        new TrainingOptions(1, true, false, bfloat16("cuda:2"), true, 5, lora),
                        Duration.ofMillis(7)));
        assertThat(EvalSettings.from(config))
                .isEqualTo(new EvalSettings(1, 2, EvaluationMode.REFERENCE, Intervals.BOOTSTRAP));
        assertThat(SupervisedSettings.from(config))
                .isEqualTo(new SupervisedSettings(
                        1,
                        2,
                        List.of("planning"),
                        AnswerStyle.LOOK_FIRST,
                        new Optimizer(
                                new LearningRate(0.1, 2, LearningRate.Decay.LINEAR, 3, 0.4), 0.5, 0.6, 0.7, 0.8, 9),
                        3));
        assertThat(DataSettings.from(config))
                .isEqualTo(new DataSettings(
                        DataSettings.Source.FOLDER,
                        Path.of("f"),
                        HoldOut.QUESTIONS,
                        2,
                        3,
                        List.of(PlanningForm.SHORT, PlanningForm.VIA_STOPS),
                        4));
    }

    private static EngineOptions engine(String device, Optional<LoraConfig> lora) {
        return new EngineOptions(new EngineLimits(2, 30, 4), bfloat16(device), SwapMode.DRAIN, lora);
    }

    private static ComputeOptions bfloat16(String device) {
        return new ComputeOptions(ComputeType.BFLOAT16, device);
    }

    @ParameterizedTest
    @CsvSource({
        "run, railhead.run.dri = 1",
        "policy, railhead.policy.slot = 1",
        "eval, railhead.eval.question = 1",
        "data, railhead.data.map = 1",
        "supervised, railhead.supervised.step = 1",
    })
    void anUnknownKeyIsNamed(String area, String line) {
        Config config = ConfigFactory.parseString(line).withFallback(DEFAULTS);
        Function<Config, Object> reader = switch (area) {
            case "run" -> RunSettings::from;
            case "policy" -> PolicySettings::from;
            case "eval" -> EvalSettings::from;
            case "supervised" -> SupervisedSettings::from;
            default -> DataSettings::from;
        };
        assertThatThrownBy(() -> reader.apply(config))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("unknown key " + line.substring(0, line.indexOf(' ')));
    }

    @Test
    void aFolderSourceNeedsAFolder() {
        Config config =
                ConfigFactory.parseString("railhead.data.source = folder").withFallback(DEFAULTS);
        assertThatThrownBy(() -> DataSettings.from(config))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("railhead.data.folder");
    }
}
