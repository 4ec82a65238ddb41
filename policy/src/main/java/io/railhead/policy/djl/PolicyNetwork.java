package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.ComputeType;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.TextConfig;
import io.railhead.policy.VisionConfig;

/// The forward computation of Qwen2.5-VL: vision tower, embedding, decoder, head.
///
/// Holds no weights: each call names the set it uses. Arrays are flat over tokens, `[batch * time][width]`.
final class PolicyNetwork {
    private final PolicyConfig config;
    private final RotaryTable textRotary;
    private final RotaryTable visionRotary;

    /// @param owner holds the network's constants
    PolicyNetwork(PolicyConfig config, TensorScope owner) {
        this.config = config;
        this.textRotary = RotaryTable.of(owner, config.text());
        this.visionRotary = RotaryTable.of(owner, config.vision());
    }

    PolicyConfig config() {
        return config;
    }

    /// One row a visual token, in the order of the layout.
    NDArray features(TensorScope scope, VisionWeights weights, VisionLayout layout) {
        return features(BlockChain.forward(scope), weights, layout);
    }

    /// The same as a chain of blocks.
    NDArray features(BlockChain chain, VisionWeights weights, VisionLayout layout) {
        VisionConfig vision = config.vision();
        TensorScope scope = chain.scope();
        NDArray patches = scope.floats(layout.patches(), layout.patchCount(), vision.patchLength());
        NDArray x = chain.compute(
                patches, new RecordedBlock((own, in) -> own.call("patch_embedding", in, weights.patchEmbedding())));
        NDArray[] angles = visionRotary.angles(scope, layout.positions(), 2, ComputeType.FLOAT32);
        AttentionSegments windows = AttentionSegments.of(scope, layout.windows());
        AttentionSegments frames = AttentionSegments.of(scope, layout.frames());
        for (int i = 0; i < vision.depth(); i++) {
            AttentionSegments reach = vision.fullAttentionBlocks().contains(i) ? frames : windows;
            NDArray[] block = weights.visionBlock(i);
            x = chain.compute(
                    x,
                    new RecordedBlock((own, in) -> own.call(
                            "vision_block",
                            in,
                            block,
                            angles[0],
                            angles[1],
                            vision.heads(),
                            reach.count(),
                            reach.gather(),
                            reach.scatter(),
                            reach.mask())));
        }
        int unit = vision.spatialMergeSize() * vision.spatialMergeSize();
        return chain.compute(
                x, new RecordedBlock((own, in) -> own.call("vision_merger", in, weights.visionMerger(), unit)));
    }

    NDArray embed(TensorScope scope, Weights weights, int[] ids) {
        return scope.call("embed", scope.indices(ids), weights.embedding());
    }

    /// Hidden states before the last norm of rows laid end to end, as a chain of blocks.
    ///
    /// @param positions `[tokens][3]`
    NDArray decode(BlockChain chain, Weights weights, NDArray embedded, float[] positions, PackedRows rows) {
        TextConfig text = config.text();
        NDArray[] angles = angles(chain.scope(), positions, weights.type());
        NDArray x = embedded;
        for (int i = 0; i < text.layers(); i++) {
            x = chain.compute(x, new DecoderBlock(weights.decoderBlock(i), angles, rows, text));
        }
        return x;
    }

    /// Logits over the vocabulary after the named tokens.
    NDArray logits(TensorScope scope, Weights weights, NDArray hidden, NDArray places) {
        return scope.call(
                "logits",
                hidden,
                places,
                weights.lastNorm(),
                weights.head(),
                config.text().rmsNormEps());
    }

    /// Cosines and sines of the decoder, in the type of its passes. (Those of the vision tower stay in 32 bits.)
    NDArray[] angles(TensorScope scope, float[] positions, ComputeType type) {
        return textRotary.angles(scope, positions, 3, type);
    }
}
