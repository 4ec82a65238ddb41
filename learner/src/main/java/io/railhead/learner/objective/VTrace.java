package io.railhead.learner.objective;

/// [V-trace](https://arxiv.org/abs/1802.01561), the off-policy correction of IMPALA, over the steps of one
/// trajectory, for whoever has values of steps. Railhead trains no critic, and no setting leads here.
///
/// With `rho = exp(logRatio)`, `c = min(1, rho)` and both caps at 1: `delta_t = min(1, rho_t) (r_t + gamma_t
/// V_(t+1) - V_t)`, `x_t = delta_t + gamma_t c_t x_(t+1)`, `vs_t = V_t + x_t`, `A_t = min(1, rho_t) (r_t +
/// gamma_t vs_(t+1) - V_t)`.
public final class VTrace {
    private VTrace() {}

    /// Per step, `[steps]`: the value's target and the advantage of the policy gradient.
    @SuppressWarnings("ArrayRecordComponent") // never in a message
    public record Estimates(double[] values, double[] advantages) {}

    /// @param logRatios target - behaviour log-probability, `[steps]`
    /// @param discounts 0 where a trajectory ends, `[steps]`
    /// @param bootstrap value of what comes after the last step
    public static Estimates of(
            double[] logRatios, double[] discounts, double[] rewards, double[] values, double bootstrap) {
        int size = rewards.length;
        double[] targets = new double[size];
        double[] advantages = new double[size];
        double nextValue = bootstrap;
        double nextTarget = bootstrap;
        double correction = 0;
        for (int t = size - 1; t >= 0; t--) {
            double rho = Math.min(1, Math.exp(logRatios[t]));
            double delta = rho * (rewards[t] + discounts[t] * nextValue - values[t]);
            correction = delta + discounts[t] * rho * correction;
            targets[t] = values[t] + correction;
            advantages[t] = rho * (rewards[t] + discounts[t] * nextTarget - values[t]);
            nextValue = values[t];
            nextTarget = targets[t];
        }
        return new Estimates(targets, advantages);
    }
}
