package io.railhead.learner.objective;

import java.util.Arrays;

/// Of what the weight against the behaviour policy is taken.
public enum WeightLevel {
    /// Of each token by itself.
    TOKEN,
    /// Of the response, one weight for all its tokens: `exp(sum(proximal - behaviour))`. Unbiased, and of a
    /// variance that grows with the length.
    SEQUENCE,
    /// The geometric mean of a response's tokens, for all of them: `exp(mean(proximal - behaviour))`.
    GEOMETRIC;

    /// The log-weight of each token.
    double[] logWeights(CountedTokens tokens) {
        double[] logs = new double[tokens.size()];
        double sum = 0;
        for (int t = 0; t < logs.length; t++) {
            logs[t] = tokens.logWeight(t);
            sum += logs[t];
        }
        if (this != TOKEN) {
            Arrays.fill(logs, this == SEQUENCE ? sum : sum / logs.length);
        }
        return logs;
    }
}
