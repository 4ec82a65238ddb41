package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Scores of all continuation tokens of a batch, end to end, and where each continuation begins among them.
///
/// @param logProbs `[tokens]`
/// @param entropies `[tokens]`
/// @param lengths tokens of each continuation
@SuppressWarnings("ArrayRecordComponent") // lives for one microbatch
record BatchScores(NDArray logProbs, NDArray entropies, int[] lengths) {

    /// The forward pass of a batch with the given weights.
    static BatchScores of(
            TensorScope scope, PolicyNetwork network, Weights weights, RowBatch batch, double temperature) {
        TokenLayout tokens = batch.tokens();
        int time = tokens.time();
        NDArray mask =
                batch.mask().length == 0 ? scope.none() : scope.floats(batch.mask(), tokens.rows(), 1, time, time);
        NDArray hidden = network.decode(
                scope,
                weights,
                tokens.embed(scope, network, weights),
                tokens.positions(),
                mask,
                tokens.rows(),
                (layer, keys, values) -> {});
        NDArray logits = network.logits(scope, weights, hidden, scope.indices(batch.predictors()));
        NDArray[] scores = scope.callAll("token_scores", logits, scope.indices(batch.targets()), 1 / temperature);
        return new BatchScores(scores[0], scores[1], batch.lengths());
    }

    List<TokenScores> toScores() {
        float[] allLogProbs = logProbs.toFloatArray();
        float[] allEntropies = entropies.toFloatArray();
        List<TokenScores> scores = new ArrayList<>(lengths.length);
        int start = 0;
        for (int length : lengths) {
            scores.add(new TokenScores(
                    Arrays.copyOfRange(allLogProbs, start, start + length),
                    Arrays.copyOfRange(allEntropies, start, start + length)));
            start += length;
        }
        return scores;
    }

    /// Runs the backward pass from the given gradients of a loss by the scores; the weights collect theirs.
    void backward(TensorScope scope, TokenGradients gradients) {
        NDArray scalar = weighted(scope, gradients);
        JniUtils.backward((PtNDArray) scalar, (PtNDArray) scalar.onesLike(), false, false);
    }

    /// The scalar whose gradient by the scores is the given one.
    private NDArray weighted(TensorScope scope, TokenGradients gradients) {
        float[] byLogProb = joined(gradients.byLogProb(), "log-probability");
        float[] byEntropy = joined(gradients.byEntropy(), "entropy");
        NDArray scalar = scope.call("weighted_sum", logProbs, scope.floats(byLogProb, byLogProb.length));
        for (float gradient : byEntropy) {
            if (gradient != 0) { // else the whole branch is spared
                return scalar.add(scope.call("weighted_sum", entropies, scope.floats(byEntropy, byEntropy.length)));
            }
        }
        return scalar;
    }

    private float[] joined(List<float[]> gradients, String by) {
        if (gradients.size() != lengths.length) {
            throw new IllegalArgumentException("an objective gave gradients by %s for %d continuations of %d"
                    .formatted(by, gradients.size(), lengths.length));
        }
        float[] joined = new float[Arrays.stream(lengths).sum()];
        int start = 0;
        for (int i = 0; i < lengths.length; i++) {
            float[] gradient = gradients.get(i);
            if (gradient.length != lengths[i]) {
                throw new IllegalArgumentException("an objective gave %d gradients by %s for the %d tokens of %d"
                        .formatted(gradient.length, by, lengths[i], i));
            }
            System.arraycopy(gradient, 0, joined, start, lengths[i]);
            start += lengths[i];
        }
        return joined;
    }
}
