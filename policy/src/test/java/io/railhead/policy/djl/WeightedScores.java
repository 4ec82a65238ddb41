package io.railhead.policy.djl;

import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenObjective;
import io.railhead.policy.TokenScores;
import java.util.ArrayList;
import java.util.List;

/// An objective linear in all scores, with a different coefficient for each token, so that no two tokens can be mixed
/// up unnoticed: the i-th token of all has coefficients `sin(i)` and, for its entropy, `entropyScale * cos(i)`.
record WeightedScores(double entropyScale) implements TokenObjective {
    @Override
    public TokenGradients gradients(List<TokenScores> scores) {
        double loss = 0;
        List<float[]> byLogProb = new ArrayList<>();
        List<float[]> byEntropy = new ArrayList<>();
        int i = 0;
        for (TokenScores score : scores) {
            float[] logProbGradient = new float[score.logProbs().length];
            float[] entropyGradient = new float[score.logProbs().length];
            for (int t = 0; t < logProbGradient.length; t++, i++) {
                logProbGradient[t] = (float) Math.sin(i);
                entropyGradient[t] = (float) (entropyScale * Math.cos(i));
                loss += logProbGradient[t] * score.logProbs()[t] + entropyGradient[t] * score.entropies()[t];
            }
            byLogProb.add(logProbGradient);
            byEntropy.add(entropyGradient);
        }
        return new TokenGradients(loss, byLogProb, byEntropy);
    }
}
