package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// From hidden states to scores, and back: the last norm, the logits over the vocabulary, log-probabilities and
/// entropies.
///
/// Logits exist for one chunk of tokens at a time. If there are several, the backward pass computes them again. It is
/// done by hand: autograd would keep four arrays of the size of the logits.
final class VocabularyHead {
    private final TensorScope scope;
    private final PolicyNetwork network;
    private final Weights weights;
    private final double inverseTemperature;
    private final int chunkTokens;
    private final List<Chunk> chunks = new ArrayList<>();
    private int hiddenPlaces;

    /// @param places of the tokens `[from, to)` among the hidden states
    /// @param input their hidden states
    /// @param logits if they are kept
    private record Chunk(
            int from,
            int to,
            NDArray places,
            NDArray targets,
            NDArray input,
            @Nullable NDArray logits) {}

    private VocabularyHead(
            TensorScope scope, PolicyNetwork network, Weights weights, double temperature, int chunkTokens) {
        this.scope = scope;
        this.network = network;
        this.weights = weights;
        this.inverseTemperature = 1 / temperature;
        this.chunkTokens = chunkTokens;
    }

    static VocabularyHead of(TensorScope scope, PolicyNetwork network, Weights weights, TrainingOptions options) {
        return new VocabularyHead(scope, network, weights, options.temperature(), options.headTokens());
    }

    /// @param hidden `[places][width]`, before the last norm
    /// @param forTraining whether `backward` will follow
    BatchScores scores(NDArray hidden, RowBatch batch, boolean forTraining) {
        int tokens = batch.predictors().length;
        hiddenPlaces = (int) hidden.size(0);
        boolean keepLogits = forTraining && tokens <= chunkTokens;
        float[] logProbs = new float[tokens];
        float[] entropies = new float[tokens];
        for (int from = 0; from < tokens; from += chunkTokens) {
            Chunk chunk = chunk(hidden, batch, from, Math.min(from + chunkTokens, tokens), keepLogits);
            try (TensorScope own = TensorScope.within(scope.manager())) {
                NDArray logits = chunk.logits() == null ? logits(own, chunk.input()) : chunk.logits();
                NDArray[] scores = own.callAll("token_scores", logits, chunk.targets(), inverseTemperature);
                System.arraycopy(scores[0].toFloatArray(), 0, logProbs, from, chunk.to() - from);
                System.arraycopy(scores[1].toFloatArray(), 0, entropies, from, chunk.to() - from);
            }
            if (forTraining) {
                chunks.add(chunk);
            } else {
                chunk.input().close();
            }
        }
        return new BatchScores(logProbs, entropies, batch.lengths());
    }

    private Chunk chunk(NDArray hidden, RowBatch batch, int from, int to, boolean keepLogits) {
        NDArray places = scope.indices(Arrays.copyOfRange(batch.predictors(), from, to));
        NDArray targets = scope.indices(Arrays.copyOfRange(batch.targets(), from, to));
        NDArray input = scope.call("embed", places, hidden);
        NDArray logits = keepLogits ? logits(scope, input) : null;
        return new Chunk(from, to, places, targets, input, logits);
    }

    private NDArray logits(TensorScope own, NDArray input) {
        return own.call(
                "head_logits",
                input,
                weights.lastNorm(),
                weights.head(),
                network.config().text().rmsNormEps());
    }

    /// Takes the gradients of a loss by the scores, lets the weights collect theirs, and returns that by the hidden
    /// states.
    NDArray backward(float[] byLogProb, float[] byEntropy) {
        boolean entropy = false; // else the whole branch is spared
        for (float gradient : byEntropy) {
            entropy |= gradient != 0;
        }
        NDArray[] byInput = new NDArray[chunks.size()];
        for (int i = 0; i < byInput.length; i++) {
            try (TensorScope own = TensorScope.within(scope.manager())) {
                byInput[i] = backward(own, chunks.get(i), byLogProb, entropy ? byEntropy : new float[0]);
                byInput[i].attach(scope.manager());
            }
        }
        return scope.call(
                "scatter_rows", byInput, chunks.stream().map(Chunk::places).toArray(NDArray[]::new), hiddenPlaces);
    }

    private NDArray backward(TensorScope own, Chunk chunk, float[] byLogProb, float[] byEntropy) {
        NDArray logits = chunk.logits() == null ? logits(own, chunk.input()) : chunk.logits();
        int tokens = chunk.to() - chunk.from();
        NDArray byLogits = own.call(
                "score_gradient",
                logits,
                chunk.targets(),
                own.floats(Arrays.copyOfRange(byLogProb, chunk.from(), chunk.to()), tokens),
                byEntropy.length == 0
                        ? own.none()
                        : own.floats(Arrays.copyOfRange(byEntropy, chunk.from(), chunk.to()), tokens),
                inverseTemperature);
        logits.close();
        NDArray[] gradients = own.callForList(
                "head_backward",
                byLogits,
                chunk.input(),
                weights.lastNorm(),
                weights.head(),
                network.config().text().rmsNormEps());
        own.collect(new NDArray[] {weights.lastNorm(), weights.head()}, gradients, 1);
        return gradients[0];
    }
}
