package io.railhead.learner;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import io.railhead.learner.objective.Advantages;
import io.railhead.learner.objective.Aggregation;
import io.railhead.learner.objective.BehaviourWeight;
import io.railhead.learner.objective.KlEstimator;
import io.railhead.learner.objective.PolicyObjective;
import io.railhead.learner.objective.RatioClip;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.PolicyVersion;

/// The area `railhead.learner` of the configuration. Its `reference.conf` says what each key means.
public record LearnerSettings(
        Advantages advantage,
        PolicyObjective objective,
        Proximal proximal,
        Optimizer optimizer,
        int epochs,
        int minibatches,
        int microbatchTokens,
        int keepCheckpoints) {
    /// The policy that the importance ratio is taken to: the one that sampled the tokens, as it recorded them, or
    /// the learner's own before the train step.
    public enum Proximal {
        BEHAVIOUR,
        RECOMPUTED
    }

    /// AdamW with a scheduled learning rate.
    public record Optimizer(
            LearningRate learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            double maxGradientNorm) {
        /// A section of this shape: `railhead.learner.optimizer`, and others that train.
        public static Optimizer from(StrictConfig section) {
            return new Optimizer(
                    new LearningRate(
                            section.number("learning-rate", 0, 1),
                            section.integer("warmup-steps", 0, Integer.MAX_VALUE),
                            section.choice("decay", LearningRate.Decay.class),
                            section.integer("decay-steps", 0, Integer.MAX_VALUE),
                            section.number("final-share", 0, 1)),
                    section.number("beta1", 0, Math.nextDown(1.0)),
                    section.number("beta2", 0, Math.nextDown(1.0)),
                    section.number("epsilon", Double.MIN_NORMAL, 1),
                    section.number("weight-decay", 0, 1),
                    section.number("max-gradient-norm", Double.MIN_NORMAL, Double.MAX_VALUE));
        }

        /// The optimiser step that makes the next version: depends on the version alone, so a resumed run goes on
        /// as the interrupted one would have.
        public OptimizerStep stepFrom(PolicyVersion from) {
            return new OptimizerStep(learningRate.stepFrom(from), beta1, beta2, epsilon, weightDecay, maxGradientNorm);
        }
    }

    private enum WeightKind {
        NONE,
        TRUNCATED,
        MASKED
    }

    public static LearnerSettings from(Config config) {
        return StrictConfig.read(config, "railhead.learner", section -> {
            PolicyObjective objective = objective(section);
            Proximal proximal = section.choice("proximal", Proximal.class);
            if (proximal == Proximal.BEHAVIOUR && !(objective.behaviourWeight() instanceof BehaviourWeight.None)) {
                throw section.contradiction("proximal", "leaves the behaviour weight without effect: use recomputed");
            }
            return new LearnerSettings(
                    section.choice("advantage", Advantages.class),
                    objective,
                    proximal,
                    section.section("optimizer", Optimizer::from),
                    section.integer("epochs", 1, 1000),
                    section.integer("minibatches", 1, 1_000_000),
                    section.integer("microbatch-tokens", 1, Integer.MAX_VALUE),
                    section.integer("keep-checkpoints", 1, 1_000_000));
        });
    }

    private static PolicyObjective objective(StrictConfig section) {
        return new PolicyObjective(
                section.section("clip", LearnerSettings::clip),
                section.section("behaviour-weight", LearnerSettings::behaviourWeight),
                section.choice("kl-estimator", KlEstimator.class),
                section.number("kl-coefficient", 0, Double.MAX_VALUE),
                section.number("entropy-coefficient", 0, Double.MAX_VALUE),
                section.choice("aggregation", Aggregation.class),
                section.integer("constant-length", 0, Integer.MAX_VALUE));
    }

    private static RatioClip clip(StrictConfig section) {
        double dual = section.number("dual", 0, Double.MAX_VALUE);
        return new RatioClip(
                section.number("low", 0, 1),
                section.number("high", 0, Double.MAX_VALUE),
                dual == 0 ? Double.POSITIVE_INFINITY : dual);
    }

    private static BehaviourWeight behaviourWeight(StrictConfig section) {
        double low = section.number("low", 0, Double.MAX_VALUE);
        double cap = section.number("cap", 0, Double.MAX_VALUE);
        return switch (section.choice("kind", WeightKind.class)) {
            case NONE -> new BehaviourWeight.None();
            case TRUNCATED -> new BehaviourWeight.Truncated(cap);
            case MASKED -> new BehaviourWeight.Masked(low, cap);
        };
    }
}
