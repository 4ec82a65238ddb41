package io.railhead.learner.objective;

/// The policy that importance ratios are taken to.
public enum Proximal {
    /// The one that sampled the tokens, as it recorded them: no further pass, and no behaviour weight.
    BEHAVIOUR,
    /// The learner's own before the train step, by one more forward pass
    /// ([decoupled PPO](https://arxiv.org/abs/2505.24298)).
    RECOMPUTED,
    /// A point between the two, without that pass: `log proximal = log behaviour + alpha (sg(log target) - log
    /// behaviour)` with `alpha = s / (s + 1)` for a token of staleness `s`
    /// ([A-3PO](https://arxiv.org/abs/2512.06547)). The target policy is taken for one version ahead of the one
    /// that is trained from, so a fresh token's proximal policy is its behaviour policy.
    LOG_LINEAR;

    static double interpolated(double behaviour, double target, int staleness) {
        return behaviour + staleness / (staleness + 1.0) * (target - behaviour);
    }
}
