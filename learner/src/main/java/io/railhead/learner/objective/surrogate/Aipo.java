package io.railhead.learner.objective.surrogate;

import io.railhead.learner.objective.Cut;
import io.railhead.learner.objective.Ratio;
import io.railhead.learner.objective.Term;
import io.railhead.learner.objective.TokenSurrogate;

/// `l = -sg(min(r, cap)) A log p(target)`, meant for `r` against the behaviour policy: one bound, above, and no
/// proximal policy ([LlamaRL](https://arxiv.org/abs/2505.24034)).
///
/// With a cap just above 1 it is the objective of [PipelineRL](https://arxiv.org/abs/2509.19128).
public record Aipo(double cap) implements TokenSurrogate {
    public Aipo {
        if (!(cap > 0)) {
            throw new IllegalArgumentException("the cap of importance ratios is positive: " + cap);
        }
    }

    @Override
    public Term term(double target, double proximal, double advantage) {
        double ratio = Ratio.of(target - proximal);
        double weight = Math.min(ratio, cap);
        return new Term(-weight * advantage * target, -weight * advantage, ratio > cap ? Cut.HIGH : Cut.NONE);
    }
}
