package io.railhead.learner.objective;

/// What an objective sees of one response: the tokens that count in the loss, one after the other, at least one.
/// All numbers are finite. All arrays are `[tokens]`, and are not to be written to.
///
/// @param target log-probabilities under the policy that is being optimised
/// @param proximal log-probabilities under the policy that ratios are taken to
/// @param behaviour log-probabilities at sampling, each under the version that sampled the token
/// @param staleness version trained from minus the version that sampled the token
@SuppressWarnings("ArrayRecordComponent") // lives for one evaluation, never in a message
public record CountedTokens(double advantage, double[] target, double[] proximal, double[] behaviour, int[] staleness) {
    public int size() {
        return target.length;
    }

    /// `log(target / proximal)` of a token: the log of the importance ratio `r`.
    public double logRatio(int token) {
        return target[token] - proximal[token];
    }

    /// `log(proximal / behaviour)` of a token: the log of the weight `w`.
    public double logWeight(int token) {
        return proximal[token] - behaviour[token];
    }

    /// Mean of [#logRatio]: the log of the geometric mean of the ratios.
    public double meanLogRatio() {
        double sum = 0;
        for (int t = 0; t < size(); t++) {
            sum += logRatio(t);
        }
        return sum / size();
    }
}
