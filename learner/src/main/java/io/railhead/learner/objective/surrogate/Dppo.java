package io.railhead.learner.objective.surrogate;

import io.railhead.learner.objective.Cut;
import io.railhead.learner.objective.Ratio;
import io.railhead.learner.objective.Term;
import io.railhead.learner.objective.TokenSurrogate;

/// `l = -keep sg(min(r, 20)) A log p(target)`: a token has no gradient once its probability has moved further than
/// allowed in the direction of its advantage ([DPPO](https://arxiv.org/abs/2602.04879)).
///
/// @param low most divergence of a token that became less likely with `A < 0`
/// @param high most divergence of a token that became likelier with `A > 0`
public record Dppo(Divergence divergence, double low, double high) implements TokenSurrogate {
    private static final double MOST = 20;

    public Dppo {
        if (!(low >= 0) || !(high >= 0)) {
            throw new IllegalArgumentException("a trust region's bounds are not negative: " + low + ", " + high);
        }
    }

    @Override
    public Term term(double target, double proximal, double advantage) {
        Cut cut = cut(Math.exp(target), Math.exp(proximal), advantage);
        if (cut != Cut.NONE) {
            return new Term(0, 0, cut);
        }
        double weight = Math.min(Ratio.of(target - proximal), MOST);
        return new Term(-weight * advantage * target, -weight * advantage);
    }

    private Cut cut(double target, double proximal, double advantage) {
        double moved = divergence.of(target, proximal);
        if (advantage > 0 && target > proximal && moved > high) {
            return Cut.HIGH;
        }
        return advantage < 0 && target < proximal && moved > low ? Cut.LOW : Cut.NONE;
    }
}
