package io.railhead.learner;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import io.railhead.learner.objective.Surrogate;
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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The keys of `railhead.learner` that make up the surrogate: its name, and the options of all of them.
final class SurrogateSettings {
    /// Two bounds by their keys `low` and `high`.
    private record Pair(double low, double high) {}

    private SurrogateSettings() {}

    static Surrogate from(StrictConfig section) {
        String name = section.text("objective");
        RatioClip clip = section.section("clip", SurrogateSettings::clip);
        Pair gmpo = section.section("gmpo", SurrogateSettings::pair);
        Pair region = section.section("trust-region", SurrogateSettings::pair);
        double cap = section.number("importance-cap", Double.MIN_NORMAL, Double.MAX_VALUE);
        Sapo sapo = section.section(
                "sapo",
                gate -> new Sapo(
                        gate.number("positive", Double.MIN_NORMAL, Double.MAX_VALUE),
                        gate.number("negative", Double.MIN_NORMAL, Double.MAX_VALUE)));
        Config options = section.free("objective-options");
        Optional<ObjectiveKind> kind = kind(name);
        if (!kind.equals(Optional.of(ObjectiveKind.CLIP)) && Double.isFinite(clip.dual()) && !name.contains(".")) {
            throw section.contradiction("objective", "has no dual clip, but railhead.learner.clip.dual is set");
        }
        if (kind.isEmpty()) {
            if (!name.contains(".")) {
                throw section.contradiction(
                        "objective", "must be one of " + String.join(", ", names()) + ", or the name of a class");
            }
            return CustomObjective.load(name, options);
        }
        if (!options.isEmpty()) {
            throw section.contradiction("objective-options", "are for an objective that is a class of its own");
        }
        return switch (kind.get()) {
            case CLIP -> clip;
            case RATIO -> new PlainRatio();
            case REINFORCE -> new Reinforce();
            case CISPO -> new Cispo(clip.low(), clip.high());
            case AIPO -> new Aipo(cap);
            case TOPR -> new Topr();
            case SAPO -> sapo;
            case GSPO -> new Gspo(clip.low(), clip.high());
            case GMPO -> new Gmpo(gmpo.low(), gmpo.high());
            case DPPO_TV -> new Dppo(Divergence.TOTAL_VARIATION, region.low(), region.high());
            case DPPO_KL -> new Dppo(Divergence.KL, region.low(), region.high());
            case PRIME_RL -> new PrimeRl(region.low(), region.high(), false);
            case PRIME_RL_IPO -> new PrimeRl(region.low(), region.high(), true);
        };
    }

    private static Optional<ObjectiveKind> kind(String name) {
        return Arrays.stream(ObjectiveKind.values())
                .filter(kind -> dashed(kind).equals(name))
                .findFirst();
    }

    private static List<String> names() {
        return Arrays.stream(ObjectiveKind.values())
                .map(SurrogateSettings::dashed)
                .toList();
    }

    private static String dashed(ObjectiveKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static RatioClip clip(StrictConfig section) {
        double dual = section.number("dual", 0, Double.MAX_VALUE);
        return new RatioClip(
                section.number("low", 0, 1),
                section.number("high", 0, Double.MAX_VALUE),
                dual == 0 ? Double.POSITIVE_INFINITY : dual);
    }

    private static Pair pair(StrictConfig section) {
        return new Pair(section.number("low", 0, Double.MAX_VALUE), section.number("high", 0, Double.MAX_VALUE));
    }
}
