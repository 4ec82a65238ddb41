package io.railhead.learner.objective;

import java.util.List;

/// What the denominators of a loss are made of: counts over everything that one optimiser step sees.
///
/// It is taken of the whole minibatch and given to each microbatch, so that splitting changes nothing.
///
/// @param tokens tokens that count in the loss
/// @param sequences continuations with at least one such token
/// @param longest length of the longest continuation, counted or not
/// @param meanWeight what behaviour weights are divided by; 1 where they are not normalised
public record BatchShape(long tokens, long sequences, int longest, double meanWeight) {
    /// Without normalised weights.
    public static BatchShape of(List<SequenceTarget> batch) {
        return of(batch, Correction.NONE);
    }

    static BatchShape of(List<SequenceTarget> batch, Correction correction) {
        return new BatchShape(
                batch.stream().mapToLong(SequenceTarget::maskedIn).sum(),
                batch.stream().filter(s -> s.maskedIn() > 0).count(),
                batch.stream().mapToInt(SequenceTarget::size).max().orElse(0),
                correction.meanWeight(batch));
    }
}
