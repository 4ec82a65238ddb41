package io.railhead.learner.objective;

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
import java.util.List;

/// Every surrogate beside its formula, written down as the paper has it and summed over a response. What counts
/// as a constant for the gradient reads `sg` in place of `lp`; the two are equal when the loss is evaluated, and
/// only `lp` moves when it is differentiated.
final class SurrogateTwins {
    private SurrogateTwins() {}

    /// `lp` target, `sg` the same as constants, `lo` proximal, `[tokens]` each.
    interface Twin {
        double loss(double[] lp, double[] sg, double[] lo, double a);
    }

    /// A token's part of such a loss.
    interface TokenTwin {
        double loss(double lp, double sg, double lo, double a);
    }

    record Case(String name, Surrogate surrogate, Twin twin) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> all() {
        return List.of(
                of("clip", RatioClip.of(0.2, 0.28), (lp, sg, lo, a) -> {
                    double r = Math.exp(lp - lo);
                    return Math.max(-a * r, -a * Math.clamp(r, 0.8, 1.28));
                }),
                of("dual clip", new RatioClip(0.2, 0.2, 1.5), (lp, sg, lo, a) -> {
                    double r = Math.exp(lp - lo);
                    double clipped = Math.max(-a * r, -a * Math.clamp(r, 0.8, 1.2));
                    return a < 0 ? Math.min(clipped, -a * 1.5) : clipped;
                }),
                of("ratio", new PlainRatio(), (lp, sg, lo, a) -> -a * Math.exp(lp - lo)),
                of("reinforce", new Reinforce(), (lp, sg, lo, a) -> -a * lp),
                of(
                        "cispo",
                        new Cispo(0.2, 0.28),
                        (lp, sg, lo, a) -> -Math.clamp(Math.exp(sg - lo), 0.8, 1.28) * a * lp),
                of("aipo", new Aipo(2), (lp, sg, lo, a) -> -Math.min(Math.exp(sg - lo), 2) * a * lp),
                of(
                        "topr",
                        new Topr(),
                        (lp, sg, lo, a) -> a > 0 ? -a * lp : -Math.clamp(Math.exp(sg - lo), 0, 1) * a * lp),
                of("sapo", new Sapo(1, 1.05), (lp, sg, lo, a) -> {
                    double tau = a > 0 ? 1 : 1.05;
                    return -a / (1 + Math.exp(-tau * (Math.exp(lp - lo) - 1))) * 4 / tau;
                }),
                of("dppo-tv", new Dppo(Divergence.TOTAL_VARIATION, 0.1, 0.2), (lp, sg, lo, a) -> {
                    double moved = Math.exp(sg) - Math.exp(lo);
                    boolean valid = a > 0 ? moved <= 0.2 : moved >= -0.1;
                    return valid ? -a * Math.min(Math.exp(sg - lo), 20) * lp : 0;
                }),
                of("dppo-kl", new Dppo(Divergence.KL, 0.05, 0.05), (lp, sg, lo, a) -> {
                    double p = Math.exp(lo);
                    double q = Math.exp(sg);
                    double other = p == 1 ? 0 : (1 - p) * Math.log((1 - p) / Math.max(1 - q, 1e-12));
                    boolean away = a > 0 ? q > p : q < p;
                    return away && p * Math.log(p / q) + other > 0.05 ? 0 : -a * Math.min(q / p, 20) * lp;
                }),
                of("prime-rl", new PrimeRl(0.2, 0.2, false), (lp, sg, lo, a) -> {
                    double moved = Math.exp(sg) - Math.exp(lo);
                    boolean left = a > 0 ? moved > 0.2 : moved < -0.2;
                    return left ? 0 : -a * Math.exp(lp - lo);
                }),
                of(
                        "prime-rl-ipo",
                        new PrimeRl(0.1, 0.1, true),
                        (lp, sg, lo, a) -> Math.abs(Math.exp(sg) - Math.exp(lo)) > 0.1 ? 0 : -a * Math.exp(lp - lo)),
                new Case("gspo", new Gspo(0.2, 0.28), (lp, sg, lo, a) -> {
                    double s = Math.exp(mean(lp, lo));
                    return lp.length * Math.max(-a * s, -a * Math.clamp(s, 0.8, 1.28));
                }),
                new Case("gmpo", new Gmpo(0.4, 0.4), (lp, sg, lo, a) -> {
                    double sum = 0;
                    for (int t = 0; t < lp.length; t++) {
                        double d = lp[t] - lo[t];
                        double sign = Math.signum(a);
                        sum += sign * Math.min(sign * d, sign * Math.clamp(d, -0.4, 0.4));
                    }
                    return lp.length * -a * Math.exp(sum / lp.length);
                }));
    }

    private static Case of(String name, Surrogate surrogate, TokenTwin twin) {
        return new Case(name, surrogate, (lp, sg, lo, a) -> {
            double sum = 0;
            for (int t = 0; t < lp.length; t++) {
                sum += twin.loss(lp[t], sg[t], lo[t], a);
            }
            return sum;
        });
    }

    private static double mean(double[] lp, double[] lo) {
        double sum = 0;
        for (int t = 0; t < lp.length; t++) {
            sum += lp[t] - lo[t];
        }
        return sum / lp.length;
    }
}
