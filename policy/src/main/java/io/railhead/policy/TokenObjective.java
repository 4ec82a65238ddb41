package io.railhead.policy;

import java.util.List;

/// A loss as a function of token log-probabilities and entropies, with its gradient by hand.
///
/// The native side knows no loss: it asks this function for `dLoss/dLogProb` and `dLoss/dEntropy` of each token
/// and runs the backward pass from there. So every objective is plain Java, testable without a tensor.
@FunctionalInterface
public interface TokenObjective {
    /// @param scores one element a continuation, in the order of the rows and of the continuations in each
    /// @return gradients of the same shape
    TokenGradients gradients(List<TokenScores> scores);
}
