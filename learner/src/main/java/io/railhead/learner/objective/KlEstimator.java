package io.railhead.learner.objective;

/// Estimators of `KL(target || reference)` from one sampled token
/// ([Schulman](http://joschu.net/blog/kl-approx.html)), as a term of the loss. `d = reference - target`
/// log-probability, bounded by +-20; outside the gradient is 0.
///
/// As **values** [#K1] and [#K3] are unbiased on-policy and [#K2] is biased. As a **loss**, where the gradient runs
/// through the log-probability and not through the sampling, it is the other way round: [#K2]'s gradient is that of
/// the reverse KL, [#K1]'s is 0 in expectation (pure noise), and [#K3]'s is that of the forward KL, `KL(reference
/// || target)`. [#K3] is the default because the released RewardMap uses it; [#K3_PLUS] is both low in variance and
/// right; [#UNBIASED] is right for tokens of the proximal policy as well.
public enum KlEstimator {
    /// `-d`, slope 1. Biased gradient.
    K1 {
        @Override
        Term termWithin(double d, double logRatio) {
            return new Term(-d, 1);
        }
    },
    /// `d^2 / 2`, slope `-d`. Unbiased gradient on-policy.
    K2 {
        @Override
        Term termWithin(double d, double logRatio) {
            return new Term(d * d / 2, -d);
        }
    },
    /// `exp(d) - 1 - d`, never negative, at most 10; slope `1 - exp(d)`. Biased gradient.
    K3 {
        @Override
        Term termWithin(double d, double logRatio) {
            double value = Math.expm1(d) - d;
            return value > 10 ? new Term(10, 0) : new Term(value, -Math.expm1(d));
        }
    },
    /// The value of [#K3] with the slope of [#K2]. Unbiased gradient on-policy.
    K3_PLUS {
        @Override
        Term termWithin(double d, double logRatio) {
            return new Term(
                    K3.termWithin(d, logRatio).value(),
                    K2.termWithin(d, logRatio).slope());
        }
    },
    /// `|d|`, slope `-sign(d)`.
    ABSOLUTE {
        @Override
        Term termWithin(double d, double logRatio) {
            return new Term(Math.abs(d), -Math.signum(d));
        }
    },
    /// `r (exp(d) - 1 - d)`, slope `-r d`, with the ratio `r` to the proximal policy
    /// ([DeepSeek-V3.2](https://arxiv.org/abs/2512.02556)). Unbiased gradient for tokens that the proximal policy
    /// sampled.
    UNBIASED {
        @Override
        Term termWithin(double d, double logRatio) {
            double ratio = Ratio.of(logRatio);
            return new Term(ratio * (Math.expm1(d) - d), Ratio.bounded(logRatio) ? -ratio * Math.expm1(d) : -ratio * d);
        }
    };

    /// @param logRatio target - proximal log-probability
    final Term term(double target, double reference, double logRatio) {
        double d = reference - target;
        double bounded = Math.clamp(d, -Ratio.LOG_BOUND, Ratio.LOG_BOUND);
        Term term = termWithin(bounded, logRatio);
        return bounded == d ? term : new Term(term.value(), 0);
    }

    abstract Term termWithin(double d, double logRatio);
}
