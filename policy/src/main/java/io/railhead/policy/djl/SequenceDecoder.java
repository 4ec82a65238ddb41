package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.ComputeType;
import io.railhead.policy.TextConfig;
import java.util.List;

/// The two passes of generation: chunks of prompts into the cache, and one more token for all running sequences.
///
/// What a sequence gets does not depend on its neighbours: linear layers compute row by row (see `pack`), a prompt
/// attends on its own, and a running sequence attends among those whose padded length is its own. Whether the samples
/// of a group read their prompt together depends on the request: a lost sample that is asked for again alone may differ
/// by rounding from what it would have been in its group.
final class SequenceDecoder {
    /// Blocks named by the samples of a group: below, two attentions and their sum take longer than reading a prompt
    /// for each sample.
    private static final int LEAST_SAVED = 32;

    private final PolicyNetwork network;
    private final int sharing; // LEAST_SAVED, or never where the operator that it needs is not there
    private final TextConfig text;
    private final ComputeType type;
    private final KvCache cache;
    private final FeatureCache features;
    private final NDArray[] angles; // cosines and sines of the first `positions` positions

    /// @param positions no sequence has more tokens
    SequenceDecoder(PolicyNetwork network, ComputeType type, KvCache cache, int positions, TensorScope owner) {
        this.network = network;
        this.type = type;
        this.text = network.config().text();
        this.cache = cache;
        this.features = new FeatureCache(network, owner);
        this.sharing = owner.onCpu() ? LEAST_SAVED : Integer.MAX_VALUE;
        float[] everyPosition = new float[3 * positions];
        for (int i = 0; i < everyPosition.length; i++) {
            everyPosition[i] = Math.floorDiv(i, 3); // the same on all axes
        }
        this.angles = network.angles(owner, everyPosition, type);
    }

    /// A decode step of these sequences.
    DecodeBatch batch(List<Sequence> running) {
        return new DecodeBatch(running, sharing);
    }

    /// What the vision tower makes of a prompt's pictures, good until the next call of `trim` or `weightsChanged`.
    VisionFeatures features(GenerationWeights weights, PromptLayout prompt) {
        return features.of(weights, prompt.grids());
    }

    /// Keeps what it remembers of pictures within bounds.
    void trim() {
        features.trim();
    }

    /// Forgets what other weights computed of pictures.
    void weightsChanged() {
        features.clear();
    }

    /// Computes chunks into the cache. Returns their hidden states before the last norm, row by row.
    NDArray prefill(TensorScope scope, GenerationWeights weights, ChunkLayout layout) {
        NDArray[] turns = network.angles(scope, layout.positions(), type);
        return scope.call(
                "prefill",
                layout.embed(scope, weights.embedding()),
                weights.layers(),
                cache.keys(),
                cache.values(),
                turns[0],
                turns[1],
                layout.places(scope),
                layout.starts(),
                layout.counts(),
                layout.history(scope),
                text.heads(),
                text.kvHeads(),
                text.rmsNormEps());
    }

    /// Feeds each sequence's last token. Returns the logits after it, in the order of the batch.
    NDArray advance(TensorScope scope, GenerationWeights weights, DecodeBatch batch) {
        NDArray hidden = scope.call(
                "advance",
                batch.now(scope),
                batch.shared().table(scope),
                batch.shared().groups(),
                batch.shared().samples(),
                batch.shared().blocks(),
                batch.shared().slots(scope),
                batch.shared().slot(scope),
                batch.table(scope),
                batch.rows(),
                batch.blocks(),
                weights.embedding(),
                weights.layers(),
                cache.keys(),
                cache.values(),
                angles[0],
                angles[1],
                text.heads(),
                text.kvHeads(),
                text.rmsNormEps());
        return logits(scope, weights, hidden);
    }

    NDArray logits(TensorScope scope, GenerationWeights weights, NDArray hidden, int[] rows) {
        return logits(scope, weights, scope.call("rows", hidden, scope.indices(rows)));
    }

    private NDArray logits(TensorScope scope, GenerationWeights weights, NDArray hidden) {
        return scope.call("next_logits", hidden, weights.lastNorm(), weights.head(), text.rmsNormEps());
    }
}
