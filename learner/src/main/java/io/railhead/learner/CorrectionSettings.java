package io.railhead.learner;

import io.railhead.actors.settings.StrictConfig;
import io.railhead.learner.objective.BehaviourWeight;
import io.railhead.learner.objective.Bounds;
import io.railhead.learner.objective.Correction;
import io.railhead.learner.objective.Rejection;
import io.railhead.learner.objective.WeightLevel;

/// The sections `behaviour-weight` and `rejection` of `railhead.learner`.
final class CorrectionSettings {
    private enum WeightKind {
        NONE,
        TRUNCATED,
        MASKED
    }

    private CorrectionSettings() {}

    static Correction from(StrictConfig section) {
        Rejection rejection = section.section("rejection", CorrectionSettings::rejection);
        return section.section("behaviour-weight", weight -> weight(weight, rejection));
    }

    private static Correction weight(StrictConfig section, Rejection rejection) {
        double low = section.number("low", 0, Double.MAX_VALUE);
        double cap = section.number("cap", 0, Double.MAX_VALUE);
        WeightKind kind = section.choice("kind", WeightKind.class);
        WeightLevel level = section.choice("level", WeightLevel.class);
        boolean normalised = section.flag("normalised");
        if (kind == WeightKind.NONE && level != WeightLevel.TOKEN) {
            throw section.contradiction("level", "has no effect without a weight: set kind");
        }
        if (kind == WeightKind.NONE && normalised) {
            throw section.contradiction("normalised", "has no effect without a weight: set kind");
        }
        BehaviourWeight weight = switch (kind) {
            case NONE -> new BehaviourWeight.None();
            case TRUNCATED -> new BehaviourWeight.Truncated(cap);
            case MASKED -> new BehaviourWeight.Masked(low, cap);
        };
        return new Correction(weight, level, normalised, rejection);
    }

    private static Rejection rejection(StrictConfig section) {
        int staleness = section.integer("staleness", -1, Integer.MAX_VALUE);
        return new Rejection(
                section.section("token", CorrectionSettings::bounds),
                section.section("sequence", CorrectionSettings::bounds),
                section.section("geometric", CorrectionSettings::bounds),
                section.number("second-moment", 0, Double.MAX_VALUE),
                section.number("negative-drift", 0, Double.MAX_VALUE),
                staleness < 0 ? Integer.MAX_VALUE : staleness);
    }

    private static Bounds bounds(StrictConfig section) {
        double low = section.number("low", 0, Double.MAX_VALUE);
        double high = section.number("high", 0, Double.MAX_VALUE);
        return new Bounds(low, high == 0 ? Double.POSITIVE_INFINITY : high);
    }
}
