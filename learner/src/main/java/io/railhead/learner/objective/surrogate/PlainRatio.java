package io.railhead.learner.objective.surrogate;

import io.railhead.learner.objective.Ratio;
import io.railhead.learner.objective.Term;
import io.railhead.learner.objective.TokenSurrogate;

/// `l = -A r`, not clipped: importance sampling as it stands. What [M2PO](https://arxiv.org/abs/2510.01161) trains
/// the tokens with that its constraint on the second moment leaves.
public record PlainRatio() implements TokenSurrogate {
    @Override
    public Term term(double target, double proximal, double advantage) {
        double logRatio = target - proximal;
        double loss = -advantage * Ratio.of(logRatio);
        return new Term(loss, Ratio.bounded(logRatio) ? 0 : loss);
    }
}
