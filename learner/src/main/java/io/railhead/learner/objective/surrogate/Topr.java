package io.railhead.learner.objective.surrogate;

import io.railhead.learner.objective.Cut;
import io.railhead.learner.objective.Ratio;
import io.railhead.learner.objective.Term;
import io.railhead.learner.objective.TokenSurrogate;

/// `l = -A log p(target)` where `A > 0`, else `l = -sg(min(r, 1)) A log p(target)`: good responses are imitated
/// however old they are, bad ones are pushed down only as far as they are still likely
/// ([TOPR](https://arxiv.org/abs/2503.14286)). The ratio is taken token by token; the paper's is the response's.
public record Topr() implements TokenSurrogate {
    @Override
    public Term term(double target, double proximal, double advantage) {
        if (advantage > 0) {
            return new Term(-advantage * target, -advantage);
        }
        double ratio = Ratio.of(target - proximal);
        double weight = Math.min(ratio, 1);
        return new Term(-weight * advantage * target, -weight * advantage, ratio > 1 ? Cut.HIGH : Cut.NONE);
    }
}
