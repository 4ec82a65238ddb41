package io.railhead.learner.objective.surrogate;

import io.railhead.learner.objective.Ratio;
import io.railhead.learner.objective.Term;
import io.railhead.learner.objective.TokenSurrogate;

/// `l = -A s(tau (r - 1)) 4 / tau` with the logistic function `s`: a soft gate in place of a clip, whose slope is
/// that of the policy gradient at `r = 1` and fades on both sides ([SAPO](https://arxiv.org/abs/2511.20347)).
/// `tau` is `positive` where `A > 0`, else `negative`.
public record Sapo(double positive, double negative) implements TokenSurrogate {
    public Sapo {
        if (!(positive > 0) || !(negative > 0)) {
            throw new IllegalArgumentException("gates' temperatures are positive: " + positive + ", " + negative);
        }
    }

    @Override
    public Term term(double target, double proximal, double advantage) {
        double logRatio = target - proximal;
        double ratio = Ratio.of(logRatio);
        double tau = advantage > 0 ? positive : negative;
        double gate = 1 / (1 + Math.exp(-tau * (ratio - 1)));
        double slope = Ratio.bounded(logRatio) ? 0 : -advantage * 4 * gate * (1 - gate) * ratio;
        return new Term(-advantage * gate * 4 / tau, slope);
    }
}
