package io.railhead.app.simulate;

import java.util.List;

/// The figures of one simulation, all of them simulated.
///
/// @param steps train steps that count: those after the pipeline had filled
/// @param seconds of virtual time in these
/// @param rolloutIdle share of the time in which a rollout device neither decoded, prefilled nor took weights
/// @param slotsInUse share of the rollout devices' slots that held a running response
/// @param learnerIdle share of the time in which the learner made no step
/// @param staleness share of the trained tokens by their staleness, from 0 on
/// @param wasted tokens that were decoded for nothing, as shares of all that were
/// @param dropped groups that ended otherwise than trained, beside those that were
/// @param realSeconds that simulating took
/// @param tasks messages and other tasks that simulating took
public record SimulationResult(
        int workers,
        int maxStaleness,
        long steps,
        double seconds,
        long trajectories,
        double trajectoriesPerSecond,
        double trainedTokensPerSecond,
        double secondsPerStep,
        double rolloutIdle,
        double rolloutTakingWeights,
        double slotsInUse,
        double learnerIdle,
        List<Double> staleness,
        double meanStaleness,
        Wasted wasted,
        DroppedByLength dropped,
        long deviceFailures,
        long allSteps,
        double realSeconds,
        long tasks) {
    /// @param stale of groups that came too late
    /// @param cancelled of responses that nobody wanted any more
    /// @param failed of groups that failed, and of responses that a device took with it
    public record Wasted(double stale, double cancelled, double failed, double filtered) {
        public double all() {
            return stale + cancelled + failed + filtered;
        }
    }

    public SimulationResult {
        staleness = List.copyOf(staleness);
    }
}
