package io.railhead.learner.objective.surrogate;

import io.railhead.learner.objective.Term;
import io.railhead.learner.objective.TokenSurrogate;

/// `l = -A log p(target)`: [REINFORCE](https://doi.org/10.1007/BF00992696), which takes every token for fresh.
///
/// With a drift penalty on top it is the objective of [Kimi k1.5](https://arxiv.org/abs/2501.12599) and
/// [DRO](https://arxiv.org/abs/2405.19107).
public record Reinforce() implements TokenSurrogate {
    @Override
    public Term term(double target, double proximal, double advantage) {
        return new Term(-advantage * target, -advantage);
    }
}
