package io.railhead.learner.supervised;

import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenObjective;
import io.railhead.policy.TokenScores;
import java.util.ArrayList;
import java.util.List;

/// Cross-entropy on the tokens of the answers: `-sum(log p) / tokens`, where `tokens` counts the answers of the whole
/// batch, so that splitting it into microbatches changes nothing.
///
/// @param learnFrom where the answer begins in each continuation; what stands before it is the question
/// @param tokensInBatch answer tokens of the whole batch
public record SupervisedObjective(List<Integer> learnFrom, long tokensInBatch) implements TokenObjective {
    public SupervisedObjective {
        learnFrom = List.copyOf(learnFrom);
        if (tokensInBatch < 1) {
            throw new IllegalArgumentException("a batch of " + tokensInBatch + " answer tokens");
        }
    }

    @Override
    public TokenGradients gradients(List<TokenScores> scores) {
        if (scores.size() != learnFrom.size()) {
            throw new IllegalArgumentException(
                    scores.size() + " continuations, but answers of " + learnFrom.size() + " are marked");
        }
        double loss = 0;
        List<float[]> byLogProb = new ArrayList<>();
        List<float[]> byEntropy = new ArrayList<>();
        for (int i = 0; i < scores.size(); i++) {
            float[] logProbs = scores.get(i).logProbs();
            float[] gradient = new float[logProbs.length];
            for (int t = learnFrom.get(i); t < logProbs.length; t++) {
                loss -= logProbs[t] / tokensInBatch;
                gradient[t] = (float) (-1.0 / tokensInBatch);
            }
            byLogProb.add(gradient);
            byEntropy.add(new float[logProbs.length]);
        }
        return new TokenGradients(loss, byLogProb, byEntropy);
    }
}
