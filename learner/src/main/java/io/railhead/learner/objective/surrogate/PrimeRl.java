package io.railhead.learner.objective.surrogate;

import io.railhead.learner.objective.Cut;
import io.railhead.learner.objective.Ratio;
import io.railhead.learner.objective.Term;
import io.railhead.learner.objective.TokenSurrogate;

/// `l = -keep A r`, meant for `r` against the behaviour policy: the default of
/// [prime-rl](https://github.com/PrimeIntellect-ai/prime-rl), whose drift penalty comes on top.
///
/// A token is left out if its probability rose by more than `high` with `A > 0`, or fell by more than `low` with
/// `A <= 0`; where `symmetric` (its IPO), if it moved by more than that either way, whatever the advantage.
public record PrimeRl(double low, double high, boolean symmetric) implements TokenSurrogate {
    public PrimeRl {
        if (!(low >= 0) || !(high >= 0)) {
            throw new IllegalArgumentException("a trust region's bounds are not negative: " + low + ", " + high);
        }
    }

    @Override
    public Term term(double target, double proximal, double advantage) {
        double moved = Math.exp(target) - Math.exp(proximal);
        if (moved > high && (symmetric || advantage > 0)) {
            return new Term(0, 0, Cut.HIGH);
        }
        if (moved < -low && (symmetric || advantage <= 0)) {
            return new Term(0, 0, Cut.LOW);
        }
        double logRatio = target - proximal;
        double loss = -advantage * Ratio.of(logRatio);
        return new Term(loss, Ratio.bounded(logRatio) ? 0 : loss);
    }
}
