package io.railhead.policy.djl;

import io.railhead.policy.LoraConfig;
import io.railhead.policy.djl.ConvolutionalVision.Statistics;
import java.util.Optional;

/// How a policy is trained, fixed for its life.
///
/// @param temperature logits are divided by it before any probability: that of sampling, so that ratios compare like
///     with like
/// @param visionFrozen leave the vision tower as it is
/// @param batchStatistics whether the batch norm of a convolutional tower that is trained normalises with what it sees
/// and
///     learns its running statistics. For supervised training: with reinforcement learning they stay, or
/// log-probabilities
///     would differ from those of generation
/// @param recompute keep only the input of each transformer block for the backward pass, and compute the block again
///     there: a third more time, a fraction of the memory
/// @param headTokens the most tokens whose logits over the vocabulary exist at a time
/// @param lora train adapters and leave everything else as it is
public record TrainingOptions(
        double temperature,
        boolean visionFrozen,
        boolean batchStatistics,
        ComputeOptions compute,
        boolean recompute,
        int headTokens,
        Optional<LoraConfig> lora) {
    public static final TrainingOptions DEFAULT =
            new TrainingOptions(1, false, false, ComputeOptions.DEFAULT, false, 4096, Optional.empty());

    public TrainingOptions {
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("the temperature of training is positive and finite: " + temperature);
        }
        if (headTokens < 1) {
            throw new IllegalArgumentException("logits of " + headTokens + " tokens at a time");
        }
    }

    public TrainingOptions withTemperature(double other) {
        return new TrainingOptions(other, visionFrozen, batchStatistics, compute, recompute, headTokens, lora);
    }

    public TrainingOptions withVisionFrozen(boolean frozen) {
        return new TrainingOptions(temperature, frozen, batchStatistics, compute, recompute, headTokens, lora);
    }

    public TrainingOptions withBatchStatistics(boolean learnt) {
        return new TrainingOptions(temperature, visionFrozen, learnt, compute, recompute, headTokens, lora);
    }

    /// For batch norm in passes that learn.
    Statistics statistics() {
        return batchStatistics && !visionFrozen ? Statistics.OWN : Statistics.RUNNING;
    }

    public TrainingOptions with(ComputeOptions other) {
        return new TrainingOptions(temperature, visionFrozen, batchStatistics, other, recompute, headTokens, lora);
    }

    public TrainingOptions withRecompute(boolean wanted) {
        return new TrainingOptions(temperature, visionFrozen, batchStatistics, compute, wanted, headTokens, lora);
    }

    public TrainingOptions withHeadTokens(int most) {
        return new TrainingOptions(temperature, visionFrozen, batchStatistics, compute, recompute, most, lora);
    }

    public TrainingOptions with(LoraConfig adapters) {
        return new TrainingOptions(
                temperature, visionFrozen, batchStatistics, compute, recompute, headTokens, Optional.of(adapters));
    }
}
