package io.railhead.policy.djl;

import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenObjective;
import io.railhead.policy.TokenScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Minus the sum of all log-probabilities.
enum LikelihoodObjective implements TokenObjective {
    INSTANCE;

    @Override
    public TokenGradients gradients(List<TokenScores> scores) {
        double loss = 0;
        List<float[]> byLogProb = new ArrayList<>();
        List<float[]> byEntropy = new ArrayList<>();
        for (TokenScores score : scores) {
            float[] gradient = new float[score.logProbs().length];
            Arrays.fill(gradient, -1);
            for (float logProb : score.logProbs()) {
                loss -= logProb;
            }
            byLogProb.add(gradient);
            byEntropy.add(new float[gradient.length]);
        }
        return new TokenGradients(loss, byLogProb, byEntropy);
    }
}
