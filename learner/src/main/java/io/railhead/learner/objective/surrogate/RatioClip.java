package io.railhead.learner.objective.surrogate;

import io.railhead.learner.objective.Cut;
import io.railhead.learner.objective.Ratio;
import io.railhead.learner.objective.Term;
import io.railhead.learner.objective.TokenSurrogate;

/// The clipped surrogate of [PPO](https://arxiv.org/abs/1707.06347), with separate bounds
/// ([DAPO](https://arxiv.org/abs/2503.14476)) and the optional [dual clip](https://arxiv.org/abs/1912.09729).
///
/// `l = max(-A r, -A clip(r, 1 - low, 1 + high))` with `r = exp(target - proximal)`; if `A < 0`, at most `-dual A`.
/// The log-ratio is bounded by +-20, beyond which its gradient is 0. `dual` is infinite where there is no dual
/// clip.
///
/// With a behaviour weight on top it is [decoupled PPO](https://arxiv.org/abs/2505.24298).
public record RatioClip(double low, double high, double dual) implements TokenSurrogate {
    public RatioClip {
        if (!(low >= 0 && low <= 1)) {
            throw new IllegalArgumentException("the lower clip bound is in [0, 1]: " + low);
        }
        if (!(high >= 0)) {
            throw new IllegalArgumentException("the upper clip bound is not negative: " + high);
        }
        if (!(dual > 1)) {
            throw new IllegalArgumentException("the dual clip is above 1: " + dual);
        }
    }

    public static RatioClip of(double low, double high) {
        return new RatioClip(low, high, Double.POSITIVE_INFINITY);
    }

    private Cut cut(double ratio, double advantage) {
        if (advantage > 0 && ratio > 1 + high) {
            return Cut.HIGH;
        }
        if (advantage < 0 && ratio < 1 - low) {
            return Cut.LOW;
        }
        return advantage < 0 && ratio > dual ? Cut.DUAL : Cut.NONE;
    }

    @Override
    public Term term(double target, double proximal, double advantage) {
        double logRatio = target - proximal;
        double ratio = Ratio.of(logRatio);
        Cut cut = cut(ratio, advantage);
        return switch (cut) {
            case NONE -> new Term(-advantage * ratio, Ratio.bounded(logRatio) ? 0 : -advantage * ratio, cut);
            case HIGH -> new Term(-advantage * (1 + high), 0, cut);
            case LOW -> new Term(-advantage * (1 - low), 0, cut);
            case DUAL -> new Term(-advantage * dual, 0, cut);
        };
    }
}
