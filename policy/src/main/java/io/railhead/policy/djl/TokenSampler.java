package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SamplingParams;
import java.util.List;

/// Draws the next token of each sequence from its row of logits.
///
/// The distribution is that of the logits divided by the temperature, then cut to the `topK` likeliest tokens, then to
/// the smallest set that reaches `topP`. A token is found by walking the cumulative distribution in the order of the
/// vocabulary, with one uniform number a token from the sequence's own stream. Greedy sampling takes the likeliest
/// token, and reports its log-probability at temperature 1, since that of a certain choice would say nothing.
final class TokenSampler {
    private static final double GREEDY = -1;
    private static final double ALL = 2; // a share that no cumulative probability reaches

    private TokenSampler() {}

    /// @param logits `[sequences][vocabulary]`
    /// @throws IllegalStateException if logits are not finite numbers
    static void append(TensorScope scope, NDArray logits, List<Sequence> sequences, PolicyVersion version) {
        int count = sequences.size();
        int vocabulary = Math.toIntExact(logits.getShape().get(1));
        float[] inverseTemperature = new float[count];
        double[] uniform = new double[count];
        int[] topK = new int[count];
        double[] topP = new double[count];
        boolean allGreedy = true;
        boolean scaled = false;
        boolean truncated = false;
        for (int i = 0; i < count; i++) {
            SamplingParams params = sequences.get(i).request().sampling();
            double drawn = sequences.get(i).nextUniform();
            boolean greedy = params.temperature() == 0;
            inverseTemperature[i] = greedy ? 1 : (float) (1 / params.temperature());
            uniform[i] = greedy ? GREEDY : drawn;
            topK[i] = greedy || params.topK() == 0 ? vocabulary : Math.min(params.topK(), vocabulary);
            topP[i] = greedy || params.topP() == 1 ? ALL : params.topP();
            allGreedy &= greedy;
            scaled |= inverseTemperature[i] != 1;
            truncated |= topK[i] < vocabulary || topP[i] < ALL;
        }
        NDArray from = logits;
        if (scaled) {
            from = scope.call("scale", from, scope.floats(inverseTemperature, count));
        }
        if (truncated) {
            from = scope.call("truncate", from, scope.indices(topK), scope.doubles(topP, count));
        }
        NDArray[] drawn = allGreedy
                ? scope.callAll("likeliest", from)
                : scope.callAll("sample", from, scope.doubles(uniform, count));
        long[] ids = drawn[0].toLongArray();
        float[] logProbs = drawn[1].toFloatArray();
        float[] raw =
                scaled || truncated ? scope.call("log_prob", logits, drawn[0]).toFloatArray() : logProbs;
        for (int i = 0; i < count; i++) {
            if (ids[i] < 0 || ids[i] >= vocabulary || Float.isNaN(logProbs[i])) {
                throw new IllegalStateException("the logits of request %s at weights %s are not finite"
                        .formatted(sequences.get(i).request().id(), version));
            }
            sequences.get(i).append((int) ids[i], Math.min(logProbs[i], 0), Math.min(raw[i], 0), version);
        }
    }
}
