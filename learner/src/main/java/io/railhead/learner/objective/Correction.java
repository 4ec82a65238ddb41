package io.railhead.learner.objective;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is done about tokens that another policy sampled: a factor on each token's loss, a constant for the
/// gradient, and 0 where a rule leaves the token out.
///
/// @param level what the weight is taken of
/// @param normalised weights are divided by their mean over the minibatch (self-normalised importance sampling):
///     over its tokens, or over its responses where the weight is the response's
public record Correction(BehaviourWeight weight, WeightLevel level, boolean normalised, Rejection rejection) {
    public static final Correction NONE = of(new BehaviourWeight.None());

    /// Of tokens, and nothing else.
    public static Correction of(BehaviourWeight weight) {
        return new Correction(weight, WeightLevel.TOKEN, false, Rejection.NONE);
    }

    boolean weighs() {
        return !(weight instanceof BehaviourWeight.None);
    }

    /// Whether there is nothing to correct where the behaviour policy is the proximal one.
    public boolean needsProximal() {
        return weighs() || rejection.needsProximal();
    }

    /// Whether a token may be left out of the loss.
    public boolean leavesOut() {
        return weight instanceof BehaviourWeight.Masked || !rejection.equals(Rejection.NONE);
    }

    /// Whether all proximal log-probabilities of a minibatch must be known before the first pass.
    public boolean needsBatch() {
        return normalised || rejection.secondMoment() > 0;
    }

    /// Factors of one response's tokens, and why they are 0 where a rule made them so. `[tokens]` each.
    @SuppressWarnings("ArrayRecordComponent") // lives for one evaluation
    record Factors(double[] factors, @Nullable Rule[] rules) {}

    /// @param leftOut tokens that are left out for the minibatch's second moment
    Factors of(CountedTokens tokens, boolean[] leftOut, double meanWeight) {
        double[] factors = level.logWeights(tokens);
        @Nullable Rule[] rules = rejection.rules(tokens);
        for (int t = 0; t < factors.length; t++) {
            factors[t] = weight.of(factors[t]) / meanWeight;
            if (rules[t] == null && leftOut[t]) {
                rules[t] = Rule.SECOND_MOMENT;
            }
            if (rules[t] == null && factors[t] == 0) {
                rules[t] = Rule.BEHAVIOUR_WEIGHT;
            }
            if (rules[t] != null) {
                factors[t] = 0;
            }
        }
        return new Factors(factors, rules);
    }

    /// The mean weight that [#normalised] divides by; 1 where all are 0.
    double meanWeight(List<SequenceTarget> batch) {
        if (!normalised) {
            return 1;
        }
        double sum = 0;
        long count = 0;
        for (SequenceTarget target : batch) {
            CountedTokens tokens = target.beforeTheStep();
            if (tokens.size() == 0) {
                continue;
            }
            double[] logs = level.logWeights(tokens);
            int last = level == WeightLevel.TOKEN ? logs.length : 1;
            for (int t = 0; t < last; t++) {
                sum += weight.of(logs[t]);
                count++;
            }
        }
        return sum > 0 ? sum / count : 1;
    }
}
