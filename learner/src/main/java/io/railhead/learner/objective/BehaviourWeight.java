package io.railhead.learner.objective;

/// What to do about the gap between the policy that sampled a token and the proximal policy: the loss of the token
/// is multiplied by a bounded `w = exp(proximal - behaviour)`, a constant for the gradient ([decoupled
/// PPO](https://arxiv.org/abs/2505.24298)).
///
/// With the behaviour log-probabilities as proximal ones, `w` is 1 and nothing changes.
public sealed interface BehaviourWeight {
    /// No correction: `w = 1`.
    record None() implements BehaviourWeight {}

    /// `min(w, cap)`: [truncated importance sampling](https://fengyao.notion.site/off-policy-rl), TIS.
    record Truncated(double cap) implements BehaviourWeight {
        public Truncated {
            if (!(cap > 0)) {
                throw new IllegalArgumentException("the cap of behaviour weights is positive: " + cap);
            }
        }
    }

    /// `w` inside `[low, high]`, else 0: the token is dropped, but stays in the denominators. Of tokens it is
    /// [IcePop](https://arxiv.org/abs/2510.18855), of sequences masked importance sampling (MIS).
    record Masked(double low, double high) implements BehaviourWeight {
        public Masked {
            if (!(low >= 0 && low < high)) {
                throw new IllegalArgumentException("bounds of behaviour weights: " + low + " to " + high);
            }
        }
    }

    /// The weight for `proximal - behaviour` log-probability.
    default double of(double logRatio) {
        double w = Ratio.of(logRatio);
        return switch (this) {
            case None _ -> 1;
            case Truncated(double cap) -> Math.min(w, cap);
            case Masked(double low, double high) -> w >= low && w <= high ? w : 0;
        };
    }
}
