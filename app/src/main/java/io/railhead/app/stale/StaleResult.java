package io.railhead.app.stale;

import java.util.List;

/// What came of an arm.
///
/// @param rewards mean sampled reward of each train step
/// @param effectiveSamples mean over the steps after the first half of the effective share of the samples, 0 to 1
/// @param mismatchKl mean over the same steps of the KL between the sampling and the training policy, in nats a token
/// @param heldOut per cent of the held-out questions answered right after training
/// @param heldOutQuestions how many there were
/// @param seconds of training
public record StaleResult(
        String preset,
        int staleness,
        long seed,
        List<Double> rewards,
        double effectiveSamples,
        double mismatchKl,
        double heldOut,
        int heldOutQuestions,
        double seconds) {
    private static final int TENTH = 10;

    public StaleResult {
        rewards = List.copyOf(rewards);
    }

    public StaleArm arm() {
        return new StaleArm(preset, staleness, seed);
    }

    /// Mean reward of the last tenth of the steps, at least one.
    public double finalReward() {
        return mean(rewards.subList(rewards.size() - window(), rewards.size()));
    }

    /// Mean reward of the first tenth of the steps, at least one.
    public double firstReward() {
        return mean(rewards.subList(0, window()));
    }

    /// After how many steps the mean reward of a tenth of the steps was first at least `threshold`; more than there
    /// were if it never was.
    public int stepsTo(double threshold) {
        for (int end = window(); end <= rewards.size(); end++) {
            if (mean(rewards.subList(end - window(), end)) >= threshold) {
                return end;
            }
        }
        return Integer.MAX_VALUE;
    }

    private int window() {
        return Math.max(1, rewards.size() / TENTH);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
