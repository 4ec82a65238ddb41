package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.learner.LearnerSettings.Optimizer;
import io.railhead.learner.LearnerSettings.Proximal;
import io.railhead.learner.objective.Advantages;
import io.railhead.learner.objective.Aggregation;
import io.railhead.learner.objective.BehaviourWeight;
import io.railhead.learner.objective.KlEstimator;
import io.railhead.learner.objective.PolicyObjective;
import io.railhead.learner.objective.RatioClip;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.PolicyVersion;
import org.junit.jupiter.api.Test;

class LearnerSettingsTest {
    @Test
    void defaultsAreThoseOfRewardMap() {
        assertThat(read(""))
                .isEqualTo(new LearnerSettings(
                        Advantages.CENTRED,
                        new PolicyObjective(
                                RatioClip.of(0.2, 0.2),
                                new BehaviourWeight.None(),
                                KlEstimator.K3,
                                0.001,
                                0.001,
                                Aggregation.SEQ_MEAN_TOKEN_MEAN,
                                0),
                        Proximal.BEHAVIOUR,
                        new Optimizer(LearningRate.constant(1e-6), 0.9, 0.999, 1e-8, 0.01, 1),
                        1,
                        1,
                        16384,
                        3));
    }

    @Test
    void everyKeyIsMapped() {
        LearnerSettings settings = read("""
                advantage = grpo
                proximal = recomputed
                clip { low = 0.1, high = 0.3, dual = 3 }
                behaviour-weight { kind = masked, low = 0.5, cap = 5 }
                kl-estimator = k3-plus
                kl-coefficient = 0.02
                entropy-coefficient = 0.03
                aggregation = seq-mean-token-sum-norm
                constant-length = 128
                optimizer {
                  learning-rate = 0.1, warmup-steps = 5, beta1 = 0.8, beta2 = 0.99, epsilon = 1e-6, weight-decay = 0.2
                  decay = cosine, decay-steps = 6, final-share = 0.3
                  max-gradient-norm = 2
                }
                epochs = 2
                minibatches = 4
                microbatch-tokens = 100
                keep-checkpoints = 7
                """);
        assertThat(settings)
                .isEqualTo(new LearnerSettings(
                        Advantages.GRPO,
                        new PolicyObjective(
                                new RatioClip(0.1, 0.3, 3),
                                new BehaviourWeight.Masked(0.5, 5),
                                KlEstimator.K3_PLUS,
                                0.02,
                                0.03,
                                Aggregation.SEQ_MEAN_TOKEN_SUM_NORM,
                                128),
                        Proximal.RECOMPUTED,
                        new Optimizer(
                                new LearningRate(0.1, 5, LearningRate.Decay.COSINE, 6, 0.3), 0.8, 0.99, 1e-6, 0.2, 2),
                        2,
                        4,
                        100,
                        7));
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

    private static LearnerSettings read(String text) {
        return LearnerSettings.from(ConfigFactory.parseString("railhead.learner {" + text + "}")
                .withFallback(ConfigFactory.defaultReference()));
    }
}
