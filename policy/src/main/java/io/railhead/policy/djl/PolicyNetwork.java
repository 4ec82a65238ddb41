package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.ComputeType;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.TextConfig;
import io.railhead.policy.djl.ConvolutionalVision.Statistics;
import io.railhead.policy.vision.ConvolutionalTower;
import io.railhead.policy.vision.TransformerTower;
import io.railhead.policy.vision.VisionConfig;

/// The forward computation: vision tower, and embedding, decoder and head of Qwen2.5-VL.
///
/// Holds no weights: each call names the set it uses. Arrays are flat over tokens, `[batch * time][width]`.
final class PolicyNetwork {
    private final PolicyConfig config;
    private final RotaryTable textRotary;
    private final Tower tower;

    /// @param owner holds the network's constants
    PolicyNetwork(PolicyConfig config, TensorScope owner) {
        this.config = config;
        this.textRotary = RotaryTable.of(owner, config.text());
        this.tower = tower(config.vision(), owner);
    }

    private interface Tower {
        NDArray features(BlockChain chain, VisionWeights weights, VisionLayout layout, Statistics statistics);
    }

    private static Tower tower(VisionConfig vision, TensorScope owner) {
        return switch (vision) {
            case TransformerTower config -> {
                var tower = new TransformerVision(config, owner);
                yield (chain, weights, layout, _) -> tower.features(chain, weights, (PatchLayout) layout);
            }
            case ConvolutionalTower config -> {
                var tower = new ConvolutionalVision(config);
                yield (chain, weights, layout, statistics) ->
                        tower.features(chain, weights, (PixelLayout) layout, statistics);
            }
        };
    }

    PolicyConfig config() {
        return config;
    }

    /// One row a visual token, in the order of the layout, as generation computes it.
    NDArray features(TensorScope scope, VisionWeights weights, VisionLayout layout) {
        return features(BlockChain.forward(scope), weights, layout, Statistics.RUNNING);
    }

    /// The same as a chain of blocks.
    ///
    /// @param statistics for batch norm, where there is any
    NDArray features(BlockChain chain, VisionWeights weights, VisionLayout layout, Statistics statistics) {
        return tower.features(chain, weights, layout, statistics);
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
