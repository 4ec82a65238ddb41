package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.learner.LearnerSettings.Optimizer;
import io.railhead.learner.objective.Advantages;
import io.railhead.learner.objective.Aggregation;
import io.railhead.learner.objective.BehaviourWeight;
import io.railhead.learner.objective.Bounds;
import io.railhead.learner.objective.Correction;
import io.railhead.learner.objective.Credit;
import io.railhead.learner.objective.KlEstimator;
import io.railhead.learner.objective.OverlongPenalty;
import io.railhead.learner.objective.PolicyObjective;
import io.railhead.learner.objective.Proximal;
import io.railhead.learner.objective.Rejection;
import io.railhead.learner.objective.Surrogate;
import io.railhead.learner.objective.WeightLevel;
import io.railhead.learner.objective.surrogate.Aipo;
import io.railhead.learner.objective.surrogate.Cispo;
import io.railhead.learner.objective.surrogate.Divergence;
import io.railhead.learner.objective.surrogate.Dppo;
import io.railhead.learner.objective.surrogate.Gmpo;
import io.railhead.learner.objective.surrogate.Gspo;
import io.railhead.learner.objective.surrogate.PlainRatio;
import io.railhead.learner.objective.surrogate.PrimeRl;
import io.railhead.learner.objective.surrogate.RatioClip;
import io.railhead.learner.objective.surrogate.Reinforce;
import io.railhead.learner.objective.surrogate.Sapo;
import io.railhead.learner.objective.surrogate.Topr;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.PolicyVersion;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LearnerSettingsTest {
    @Test
    void defaultsAreThoseOfRewardMap() {
        assertThat(read(""))
                .isEqualTo(new LearnerSettings(
                        new Credit(Advantages.CENTRED, Map.of(), new OverlongPenalty(0, 4096, 1)),
                        new PolicyObjective(
                                RatioClip.of(0.2, 0.2),
                                new BehaviourWeight.None(),
                                KlEstimator.K3,
                                0.001,
                                0.001,
                                Aggregation.SEQ_MEAN_TOKEN_MEAN,
                                0),
                        false,
                        new Optimizer(LearningRate.constant(1e-6), 0.9, 0.999, 1e-8, 0.01, 1),
                        1,
                        1,
                        16384,
                        Retention.last(3),
                        TroubleSettingsTest.DEFAULTS));
    }

    @Test
    void everyKeyIsMapped() {
        LearnerSettings settings = read("""
                advantage = gdpo
                component-weights { format = 0.5 }
                overlong { limit = 100, buffer = 20, factor = 2 }
                clip { low = 0.1, high = 0.3, dual = 3 }
                proximal = recomputed
                behaviour-weight { kind = masked, level = geometric, low = 0.5, cap = 5, normalised = true }
                rejection {
                  token { low = 0.1, high = 10 }
                  sequence { low = 0.2, high = 20 }
                  geometric { low = 0.9, high = 1.1 }
                  second-moment = 0.04, negative-drift = 1e-4, staleness = 3
                }
                kl-estimator = k3-plus
                kl-coefficient = 0.02
                drift-coefficient = 0.04
                entropy-coefficient = 0.03
                aggregation = seq-mean-token-sum-norm
                constant-length = 128
                learning-rate-by-effective-samples = true
                optimizer {
                  learning-rate = 0.1, warmup-steps = 5, beta1 = 0.8, beta2 = 0.99, epsilon = 1e-6, weight-decay = 0.2
                  decay = cosine, decay-steps = 6, final-share = 0.3
                  max-gradient-norm = 2
                }
                epochs = 2
                minibatches = 4
                microbatch-tokens = 100
                checkpoints { keep-last = 7, keep-every = 50, keep-best = 2, best-by = reward/correct-share }
                trouble {
                  not-finite-loss = fail, not-finite-gradient = roll-back, not-finite-scores = skip
                  exploding-ratio = roll-back, zero-variance = skip, reward-drift = fail
                  largest-ratio = 5, zero-variance-share = 0.5, drift-deviations = 3, drift-steps = 7
                  most-in-a-row = 2, kept-samples = 4, kept-files = 6
                }
                """);
        assertThat(settings)
                .isEqualTo(new LearnerSettings(
                        new Credit(Advantages.GDPO, Map.of("format", 0.5), new OverlongPenalty(100, 20, 2)),
                        new PolicyObjective(
                                new RatioClip(0.1, 0.3, 3),
                                new Correction(
                                        new BehaviourWeight.Masked(0.5, 5),
                                        WeightLevel.GEOMETRIC,
                                        true,
                                        new Rejection(
                                                new Bounds(0.1, 10),
                                                new Bounds(0.2, 20),
                                                new Bounds(0.9, 1.1),
                                                0.04,
                                                1e-4,
                                                3)),
                                KlEstimator.K3_PLUS,
                                0.02,
                                0.04,
                                0.03,
                                Aggregation.SEQ_MEAN_TOKEN_SUM_NORM,
                                128,
                                Proximal.RECOMPUTED),
                        true,
                        new Optimizer(
                                new LearningRate(0.1, 5, LearningRate.Decay.COSINE, 6, 0.3), 0.8, 0.99, 1e-6, 0.2, 2),
                        2,
                        4,
                        100,
                        new Retention(7, 50, 2, "reward/correct-share"),
                        TroubleSettingsTest.OTHERS));
    }

    @Test
    void everyObjectiveHasAName() {
        assertThat(surrogate("objective = ratio")).isEqualTo(new PlainRatio());
        assertThat(surrogate("objective = reinforce")).isEqualTo(new Reinforce());
        assertThat(surrogate("objective = cispo")).isEqualTo(new Cispo(0.2, 0.2));
        assertThat(surrogate("objective = aipo, importance-cap = 3")).isEqualTo(new Aipo(3));
        assertThat(surrogate("objective = topr")).isEqualTo(new Topr());
        assertThat(surrogate("objective = sapo, sapo.positive = 2")).isEqualTo(new Sapo(2, 1.05));
        assertThat(surrogate("objective = gspo, clip.low = 0.1")).isEqualTo(new Gspo(0.1, 0.2));
        assertThat(surrogate("objective = gmpo, gmpo.high = 0.5")).isEqualTo(new Gmpo(0.4, 0.5));
        assertThat(surrogate("objective = dppo-tv, trust-region.low = 0.1"))
                .isEqualTo(new Dppo(Divergence.TOTAL_VARIATION, 0.1, 0.2));
        assertThat(surrogate("objective = dppo-kl")).isEqualTo(new Dppo(Divergence.KL, 0.2, 0.2));
        assertThat(surrogate("objective = prime-rl")).isEqualTo(new PrimeRl(0.2, 0.2, false));
        assertThat(surrogate("objective = prime-rl-ipo")).isEqualTo(new PrimeRl(0.2, 0.2, true));
    }

    @Test
    void anObjectiveOfOnesOwnGetsItsOptions() {
        String name = ScaledReinforce.class.getName();
        assertThat(surrogate("objective = \"" + name + "\", objective-options { scale = 3 }"))
                .isEqualTo(new ScaledReinforce(3));
        assertRefused("objective = com.example.Missing", "railhead.learner.objective = com.example.Missing");
        assertRefused("objective = java.lang.String", "does not implement " + Surrogate.class.getName());
        assertRefused("objective = \"" + name + "\"", "railhead.learner.objective = " + name, "cannot be made");
        assertRefused("objective = clipp", "railhead.learner.objective", "clipp", "dppo-tv");
        assertRefused("objective-options { a = 1 }", "railhead.learner.objective-options");
    }

    @Test
    void settingsWithoutEffectAreRefusedByName() {
        assertRefused("behaviour-weight.kind = truncated", "railhead.learner.proximal", "behaviour-weight");
        assertRefused("rejection.geometric.high = 1.1", "railhead.learner.proximal", "rejection");
        assertRefused("behaviour-weight.level = sequence", "railhead.learner.behaviour-weight.level");
        assertRefused("behaviour-weight.normalised = true", "railhead.learner.behaviour-weight.normalised");
        assertRefused("proximal = log-linear, rejection.second-moment = 0.1", "railhead.learner.proximal");
        assertRefused("objective = gspo, clip.dual = 3", "railhead.learner.objective", "railhead.learner.clip.dual");
        assertRefused("component-weights { format = 1 }", "railhead.learner.component-weights", "advantage");
        assertRefused(
                "learning-rate-by-effective-samples = true", "railhead.learner.learning-rate-by-effective-samples");
        assertRefused("overlong { limit = 10, buffer = 20 }", "railhead.learner.overlong", "20");
        assertRefused("rejection.token { low = 2, high = 1 }", "railhead.learner.rejection.token");
    }

    @Test
    void unknownKeysAreRefusedByName() {
        assertThatThrownBy(() -> read("optimizer.learning-rat = 1"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("railhead.learner.optimizer.learning-rat")
                .hasMessageContaining("learning-rate");
    }

    @Test
    void badValuesAreRefusedByName() {
        assertThatThrownBy(() -> read("clip.dual = 0.5"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("0.5");
        assertThatThrownBy(() -> read("behaviour-weight.kind = truncated"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("railhead.learner.proximal");
        assertThatThrownBy(() -> read("optimizer.decay = linear"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("railhead.learner.optimizer")
                .hasMessageContaining("decay-steps = 0");
    }

    @Test
    void theStepDependsOnTheVersionAlone() {
        Optimizer optimizer =
                new Optimizer(new LearningRate(0.1, 4, LearningRate.Decay.CONSTANT, 0, 0), 0.9, 0.999, 1e-8, 0.01, 1);
        assertThat(optimizer.stepFrom(PolicyVersion.BASE))
                .isEqualTo(new OptimizerStep(0.025, 0.9, 0.999, 1e-8, 0.01, 1));
        assertThat(optimizer.stepFrom(new PolicyVersion(3)).learningRate()).isEqualTo(0.1);
    }

    private static Surrogate surrogate(String text) {
        return read(text).objective().surrogate();
    }

    private static void assertRefused(String text, String... named) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(named);
    }

    private static LearnerSettings read(String text) {
        return LearnerSettings.from(ConfigFactory.parseString("railhead.learner {" + text + "}")
                .withFallback(ConfigFactory.defaultReference()));
    }
}
