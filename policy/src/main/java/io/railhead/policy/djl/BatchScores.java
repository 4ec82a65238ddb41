package io.railhead.policy.djl;

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
record BatchScores(float[] logProbs, float[] entropies, int[] lengths) {

    List<TokenScores> byContinuation() {
        List<TokenScores> scores = new ArrayList<>(lengths.length);
        int start = 0;
        for (int length : lengths) {
            scores.add(new TokenScores(
                    Arrays.copyOfRange(logProbs, start, start + length),
                    Arrays.copyOfRange(entropies, start, start + length)));
            start += length;
        }
        return scores;
    }

    /// What an objective gave for each continuation, end to end.
    ///
    /// @param by which score the gradients are by, for the message
    /// @throws IllegalArgumentException if it is not one number a token
    float[] joined(List<float[]> gradients, String by) {
        if (gradients.size() != lengths.length) {
            throw new IllegalArgumentException("an objective gave gradients by %s for %d continuations of %d"
                    .formatted(by, gradients.size(), lengths.length));
        }
        float[] joined = new float[logProbs.length];
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
