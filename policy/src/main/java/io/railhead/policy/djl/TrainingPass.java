package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenScores;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One microbatch on its way through the network and back: vision tower, embedding, decoder, head.
///
/// What the backward pass needs lives in the scope of the forward pass.
final class TrainingPass {
    private final BlockChain tower;
    private final @Nullable NDArray visualTokens; // a leaf; null if there are none or they are not trained
    private final NDArray embedded;
    private final BlockChain decoder;
    private final VocabularyHead head;
    private final BatchScores scores;

    private TrainingPass(
            TensorScope scope, PolicyNetwork network, Weights weights, TrainingOptions options, RowBatch batch) {
        this.tower = new BlockChain(scope, keepOfTower(options), false);
        VisionLayout layout = batch.tokens().visionLayout();
        NDArray visual =
                layout.patchCount() == 0 ? null : network.features(tower, weights, layout, options.statistics());
        this.visualTokens = visual == null || options.visionFrozen() ? null : scope.leaf(visual);
        this.embedded = TensorScope.recorded(() ->
                batch.tokens().embed(scope, network, weights, layout, visualTokens == null ? visual : visualTokens));
        this.decoder = new BlockChain(scope, keep(options), scope.hasGraph(embedded));
        this.head = VocabularyHead.of(scope, network, weights, options);
        this.scores = head.scores(decode(decoder, network, weights, batch, embedded), batch, true);
    }

    /// The forward pass, with all that `backward` needs.
    static TrainingPass forward(
            TensorScope scope, PolicyNetwork network, Weights weights, TrainingOptions options, RowBatch batch) {
        return new TrainingPass(scope, network, weights, options, batch);
    }

    /// The forward pass alone.
    static BatchScores score(
            TensorScope scope, PolicyNetwork network, Weights weights, TrainingOptions options, RowBatch batch) {
        NDArray input = batch.tokens().embed(scope, network, weights);
        return score(scope, network, weights, options, batch, input);
    }

    /// The same by weights that do not change.
    ///
    /// @param known of pictures
    static BatchScores score(
            TensorScope scope,
            PolicyNetwork network,
            Weights weights,
            TrainingOptions options,
            RowBatch batch,
            FeatureCache known) {
        NDArray input = batch.tokens().embed(scope, network, weights, known);
        return score(scope, network, weights, options, batch, input);
    }

    private static BatchScores score(
            TensorScope scope,
            PolicyNetwork network,
            Weights weights,
            TrainingOptions options,
            RowBatch batch,
            NDArray input) {
        NDArray hidden = decode(BlockChain.forward(scope), network, weights, batch, input);
        return VocabularyHead.of(scope, network, weights, options).scores(hidden, batch, false);
    }

    /// Hidden states of all places before the last norm, without a graph.
    static NDArray hidden(TensorScope scope, PolicyNetwork network, Weights weights, RowBatch batch) {
        NDArray input = batch.tokens().embed(scope, network, weights);
        return decode(BlockChain.forward(scope), network, weights, batch, input);
    }

    List<TokenScores> scores() {
        return scores.byContinuation();
    }

    /// The backward pass from the gradients of a loss by the scores; the weights add up theirs.
    void backward(TokenGradients gradients) {
        NDArray gradient = head.backward(
                scores.joined(gradients.byLogProb(), "log-probability"),
                scores.joined(gradients.byEntropy(), "entropy"));
        NDArray byEmbedded = decoder.backward(gradient);
        if (byEmbedded == null) {
            return;
        }
        TensorScope.backward(embedded, byEmbedded);
        if (visualTokens != null) {
            tower.backward(visualTokens.getGradient());
        }
    }

    static BlockChain.Keep keepOfTower(TrainingOptions options) {
        return options.visionFrozen() ? BlockChain.Keep.NOTHING : keep(options);
    }

    private static BlockChain.Keep keep(TrainingOptions options) {
        return options.recompute() ? BlockChain.Keep.INPUTS : BlockChain.Keep.RESULTS;
    }

    private static NDArray decode(
            BlockChain chain, PolicyNetwork network, Weights weights, RowBatch batch, NDArray embedded) {
        PackedRows rows = PackedRows.of(chain.scope(), batch.rows(), batch.continuations());
        return network.decode(chain, weights, embedded, batch.tokens().positions(), rows);
    }
}
