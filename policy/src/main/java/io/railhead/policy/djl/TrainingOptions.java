package io.railhead.policy.djl;

/// How a policy is trained, fixed for its life.
///
/// @param temperature logits are divided by it before any probability: that of sampling, so that ratios compare like
///     with like
/// @param visionFrozen leave the vision tower as it is
public record TrainingOptions(double temperature, boolean visionFrozen) {
    public static final TrainingOptions DEFAULT = new TrainingOptions(1, false);

    public TrainingOptions {
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("the temperature of training is positive and finite: " + temperature);
        }
    }
}
