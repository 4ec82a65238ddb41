package io.railhead.learner.objective;

/// [Generalised advantage estimation](https://arxiv.org/abs/1506.02438) over the tokens of one response, for
/// whoever has values of tokens. Railhead trains no critic, and no setting leads here.
///
/// `delta_t = r_t + gamma V_(t+1) - V_t`, `A_t = delta_t + gamma lambda A_(t+1)`. Tokens that the policy did not
/// produce are passed over: what comes after them is carried through to what stands before.
public final class GeneralizedAdvantage {
    private GeneralizedAdvantage() {}

    /// Per token, `[tokens]`: the advantage, 0 outside the mask, and the return `A + V` that a critic learns.
    @SuppressWarnings("ArrayRecordComponent") // never in a message
    public record Estimates(double[] advantages, double[] returns) {}

    /// @param rewards `[tokens]`
    /// @param values `[tokens]`; 0 comes after the last
    /// @param produced which tokens the policy produced, `[tokens]`
    public static Estimates of(double[] rewards, double[] values, boolean[] produced, double gamma, double lambda) {
        int size = rewards.length;
        double[] advantages = new double[size];
        double[] returns = new double[size];
        double nextValue = 0;
        double next = 0;
        for (int t = size - 1; t >= 0; t--) {
            if (!produced[t]) {
                continue;
            }
            next = rewards[t] + gamma * nextValue - values[t] + gamma * lambda * next;
            nextValue = values[t];
            advantages[t] = next;
            returns[t] = next + values[t];
        }
        return new Estimates(advantages, returns);
    }
}
