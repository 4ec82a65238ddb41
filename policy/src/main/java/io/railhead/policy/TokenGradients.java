package io.railhead.policy;

import java.util.List;

/// The loss of a microbatch and its derivative by each token's log-probability and entropy. `[continuation][tokens]`.
public record TokenGradients(double loss, List<float[]> byLogProb, List<float[]> byEntropy) {
    public TokenGradients {
        byLogProb = List.copyOf(byLogProb);
        byEntropy = List.copyOf(byEntropy);
    }
}
