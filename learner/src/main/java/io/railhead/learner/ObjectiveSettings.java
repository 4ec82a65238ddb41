package io.railhead.learner;

import io.railhead.actors.settings.StrictConfig;
import io.railhead.learner.objective.Advantages;
import io.railhead.learner.objective.Aggregation;
import io.railhead.learner.objective.Correction;
import io.railhead.learner.objective.Credit;
import io.railhead.learner.objective.KlEstimator;
import io.railhead.learner.objective.OverlongPenalty;
import io.railhead.learner.objective.PolicyObjective;
import io.railhead.learner.objective.Proximal;
import java.util.Map;
import java.util.TreeMap;

/// The keys of `railhead.learner` that make up advantages and objective, and what of them does not go together.
final class ObjectiveSettings {
    private ObjectiveSettings() {}

    static Credit credit(StrictConfig section) {
        Advantages advantage = section.choice("advantage", Advantages.class);
        Map<String, Double> weights = section.section("component-weights", ObjectiveSettings::componentWeights);
        if (advantage != Advantages.GDPO && !weights.isEmpty()) {
            throw section.contradiction("component-weights", "have no effect: railhead.learner.advantage is not gdpo");
        }
        return new Credit(advantage, weights, section.section("overlong", ObjectiveSettings::overlong));
    }

    static PolicyObjective objective(StrictConfig section) {
        PolicyObjective objective = new PolicyObjective(
                SurrogateSettings.from(section),
                CorrectionSettings.from(section),
                section.choice("kl-estimator", KlEstimator.class),
                section.number("kl-coefficient", 0, Double.MAX_VALUE),
                section.number("drift-coefficient", 0, Double.MAX_VALUE),
                section.number("entropy-coefficient", 0, Double.MAX_VALUE),
                section.choice("aggregation", Aggregation.class),
                section.integer("constant-length", 0, Integer.MAX_VALUE),
                section.choice("proximal", Proximal.class));
        requireProximal(section, objective);
        return objective;
    }

    private static void requireProximal(StrictConfig section, PolicyObjective objective) {
        Correction correction = objective.correction();
        if (objective.proximal() == Proximal.BEHAVIOUR && correction.needsProximal()) {
            throw section.contradiction(
                    "proximal",
                    "leaves railhead.learner.behaviour-weight and the bounds of railhead.learner.rejection without "
                            + "effect: use recomputed");
        }
        if (objective.proximal() == Proximal.LOG_LINEAR && correction.needsBatch()) {
            throw section.contradiction(
                    "proximal",
                    "is not known before the step, as railhead.learner.rejection.second-moment and "
                            + "railhead.learner.behaviour-weight.normalised want it: use recomputed");
        }
    }

    private static Map<String, Double> componentWeights(StrictConfig section) {
        Map<String, Double> weights = new TreeMap<>();
        section.keys().forEach(name -> weights.put(name, section.number(name, 0, Double.MAX_VALUE)));
        return weights;
    }

    private static OverlongPenalty overlong(StrictConfig section) {
        return new OverlongPenalty(
                section.integer("limit", 0, Integer.MAX_VALUE),
                section.integer("buffer", 0, Integer.MAX_VALUE),
                section.number("factor", 0, Double.MAX_VALUE));
    }
}
