package io.railhead.learner;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import io.railhead.learner.objective.Credit;
import io.railhead.learner.objective.PolicyObjective;
import io.railhead.learner.trouble.TroubleSettings;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.PolicyVersion;

/// The area `railhead.learner` of the configuration. Its `reference.conf` says what each key means.
///
/// @param rateByEffectiveSamples the learning rate of a minibatch is multiplied by the square root of the share
///     of its responses that is effective ([VCPO](https://arxiv.org/abs/2602.17616))
public record LearnerSettings(
        Credit credit,
        PolicyObjective objective,
        boolean rateByEffectiveSamples,
        Optimizer optimizer,
        int epochs,
        int minibatches,
        int microbatchTokens,
        Retention retention,
        TroubleSettings trouble) {
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

    /// The same with smaller microbatches.
    public LearnerSettings withMicrobatchTokens(int tokens) {
        return new LearnerSettings(
                credit, objective, rateByEffectiveSamples, optimizer, epochs, minibatches, tokens, retention, trouble);
    }

    public static LearnerSettings from(Config config) {
        return StrictConfig.read(config, "railhead.learner", section -> {
            LearnerPresets.named(section.text("preset"));
            PolicyObjective objective = ObjectiveSettings.objective(section);
            boolean byEffectiveSamples = section.flag("learning-rate-by-effective-samples");
            if (byEffectiveSamples && !objective.needsProximal()) {
                throw section.contradiction(
                        "learning-rate-by-effective-samples",
                        "wants weights that are known before the step: set railhead.learner.proximal = recomputed");
            }
            return new LearnerSettings(
                    ObjectiveSettings.credit(section),
                    objective,
                    byEffectiveSamples,
                    section.section("optimizer", Optimizer::from),
                    section.integer("epochs", 1, 1000),
                    section.integer("minibatches", 1, 1_000_000),
                    section.integer("microbatch-tokens", 1, Integer.MAX_VALUE),
                    section.section("checkpoints", Retention::from),
                    section.section("trouble", TroubleSettings::from));
        });
    }
}
