package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.railhead.policy.PatchGrid;
import io.railhead.policy.VisualLabel;
import io.railhead.policy.djl.ConvolutionalVision.Statistics;
import java.util.List;

/// Lets each visual token predict the words of its part of the picture through the word embeddings: without this a
/// small policy stays blind for long. The loss is the cross-entropy with the labels' shares, as a mean over all
/// labelled visual tokens.
final class VisionAlignment {
    /// Logits are the cosine between visual token and word times `SHARPNESS * sqrt(width)`. With 1 a visual token
    /// has to lie at half the cosine of each of its words to be sure of them, near enough for attention to find it
    /// by a word; with 4 an eighth was enough, and look-ups stayed at chance.
    private static final double SHARPNESS = 1;

    private VisionAlignment() {}

    /// The loss times `weight`, after its backward pass.
    ///
    /// @param tower empty; keeps nothing if the vision tower is frozen
    /// @param statistics for its batch norm, where there is any
    static float accumulate(
            BlockChain tower,
            Statistics statistics,
            PolicyNetwork network,
            Weights weights,
            List<PatchGrid> pictures,
            List<List<VisualLabel>> labels,
            double weight) {
        int mergeSize = network.config().vision().spatialMergeSize();
        VisionLayout layout = VisionLayout.of(pictures, network.config().vision());
        IntList rows = new IntList();
        IntList words = new IntList();
        double total = labels.stream()
                .flatMap(List::stream)
                .mapToDouble(VisualLabel::share)
                .sum();
        float[] shares = new float[labels.stream().mapToInt(List::size).sum()];
        int firstToken = 0;
        int next = 0;
        for (int i = 0; i < pictures.size(); i++) {
            int count = pictures.get(i).visualTokens(mergeSize);
            for (VisualLabel label : labels.get(i)) {
                if (label.visualToken() >= count) {
                    throw new IllegalArgumentException("a label for visual token %d of picture %d, which has %d"
                            .formatted(label.visualToken(), i, count));
                }
                rows.add(layout.rowOfToken()[firstToken + label.visualToken()]);
                words.add(label.tokenId());
                shares[next++] = (float) (-weight * label.share() / total);
            }
            firstToken += count;
        }
        TensorScope scope = tower.scope();
        NDArray features = scope.leaf(network.features(tower, weights, layout, statistics));
        NDArray loss = TensorScope.recorded(
                () -> loss(scope, network, weights, features, rows.toArray(), words.toArray(), shares));
        TensorScope.backward(loss, scope.manager().ones(new Shape()));
        tower.backward(features.getGradient());
        return loss.getFloat();
    }

    private static NDArray loss(
            TensorScope scope,
            PolicyNetwork network,
            Weights weights,
            NDArray features,
            int[] rows,
            int[] words,
            float[] shares) {
        int width = network.config().text().hiddenSize();
        NDArray logits = scope.call(
                "logits",
                features,
                scope.indices(rows),
                scope.call(
                        "copy_as",
                        scope.manager().ones(new Shape(width)),
                        TensorMemory.number(weights.type()),
                        scope.none()),
                weights.embedding(),
                network.config().text().rmsNormEps());
        NDArray logProbs = scope.callAll("token_scores", logits, scope.indices(words), SHARPNESS / Math.sqrt(width))[0];
        return scope.call("weighted_sum", logProbs, scope.floats(shares, shares.length));
    }
}
