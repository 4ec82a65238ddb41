package io.railhead.policy.djl;

import io.railhead.policy.LoraConfig;
import java.util.Optional;

/// How a policy is trained, fixed for its life.
///
/// @param temperature logits are divided by it before any probability: that of sampling, so that ratios compare like
///     with like
/// @param visionFrozen leave the vision tower as it is
/// @param recompute keep only the input of each transformer block for the backward pass, and compute the block again
///     there: a third more time, a fraction of the memory
/// @param headTokens the most tokens whose logits over the vocabulary exist at a time
/// @param lora train adapters and leave everything else as it is
public record TrainingOptions(
        double temperature,
        boolean visionFrozen,
        ComputeOptions compute,
        boolean recompute,
        int headTokens,
        Optional<LoraConfig> lora) {
    public static final TrainingOptions DEFAULT =
            new TrainingOptions(1, false, ComputeOptions.DEFAULT, false, 4096, Optional.empty());

    public TrainingOptions {
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("the temperature of training is positive and finite: " + temperature);
        }
        if (headTokens < 1) {
            throw new IllegalArgumentException("logits of " + headTokens + " tokens at a time");
        }
    }

    public TrainingOptions withTemperature(double other) {
        return new TrainingOptions(other, visionFrozen, compute, recompute, headTokens, lora);
    }

    public TrainingOptions withVisionFrozen(boolean frozen) {
        return new TrainingOptions(temperature, frozen, compute, recompute, headTokens, lora);
    }

    public TrainingOptions with(ComputeOptions other) {
        return new TrainingOptions(temperature, visionFrozen, other, recompute, headTokens, lora);
    }

    public TrainingOptions withRecompute(boolean wanted) {
        return new TrainingOptions(temperature, visionFrozen, compute, wanted, headTokens, lora);
    }

    public TrainingOptions withHeadTokens(int most) {
        return new TrainingOptions(temperature, visionFrozen, compute, recompute, most, lora);
    }

    public TrainingOptions with(LoraConfig adapters) {
        return new TrainingOptions(temperature, visionFrozen, compute, recompute, headTokens, Optional.of(adapters));
    }
}
