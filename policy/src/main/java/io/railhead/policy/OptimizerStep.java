package io.railhead.policy;

/// One AdamW update with the accumulated gradients, clipped to a global norm before it.
public record OptimizerStep(
        double learningRate, double beta1, double beta2, double epsilon, double weightDecay, double maxGradientNorm) {
    public OptimizerStep {
        if (!(learningRate >= 0)) {
            throw new IllegalArgumentException("learning rate is not negative: " + learningRate);
        }
        if (!(maxGradientNorm > 0)) {
            throw new IllegalArgumentException("the gradient norm's bound is positive: " + maxGradientNorm);
        }
    }
}
