package io.railhead.learner.objective.surrogate;

import io.railhead.learner.objective.Cut;
import io.railhead.learner.objective.Ratio;
import io.railhead.learner.objective.Term;
import io.railhead.learner.objective.TokenSurrogate;

/// `l = -sg(clip(r, 1 - low, 1 + high)) A log p(target)`: the ratio is clipped as a weight, so that no token
/// loses its gradient ([MiniMax-M1](https://arxiv.org/abs/2506.13585)).
public record Cispo(double low, double high) implements TokenSurrogate {
    public Cispo {
        if (!(low >= 0 && low <= 1) || !(high >= 0)) {
            throw new IllegalArgumentException("clip bounds: low " + low + " in [0, 1], high " + high + " from 0 up");
        }
    }

    @Override
    public Term term(double target, double proximal, double advantage) {
        double ratio = Ratio.of(target - proximal);
        double weight = Math.clamp(ratio, 1 - low, 1 + high);
        Cut cut = ratio > weight ? Cut.HIGH : ratio < weight ? Cut.LOW : Cut.NONE;
        return new Term(-weight * advantage * target, -weight * advantage, cut);
    }
}
