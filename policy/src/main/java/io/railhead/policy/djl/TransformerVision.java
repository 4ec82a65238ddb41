package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.ComputeType;
import io.railhead.policy.vision.TransformerTower;

/// The vision tower of Qwen2.5-VL.
final class TransformerVision {
    private final TransformerTower tower;
    private final RotaryTable rotary;

    /// @param owner holds the constants
    TransformerVision(TransformerTower tower, TensorScope owner) {
        this.tower = tower;
        this.rotary = RotaryTable.of(owner, tower);
    }

    NDArray features(BlockChain chain, VisionWeights weights, PatchLayout layout) {
        TensorScope scope = chain.scope();
        NDArray patches = scope.floats(layout.patches(), layout.patchCount(), tower.patchLength());
        NDArray embedding = weights.visionGroup(0)[0];
        NDArray x = chain.compute(patches, new RecordedBlock((own, in) -> own.call("patch_embedding", in, embedding)));
        NDArray[] angles = rotary.angles(scope, layout.positions(), 2, ComputeType.FLOAT32);
        AttentionSegments windows = AttentionSegments.of(scope, layout.windows());
        AttentionSegments frames = AttentionSegments.of(scope, layout.frames());
        for (int i = 0; i < tower.depth(); i++) {
            AttentionSegments reach = tower.fullAttentionBlocks().contains(i) ? frames : windows;
            NDArray[] block = weights.visionGroup(i + 1);
            x = chain.compute(
                    x,
                    new RecordedBlock((own, in) -> own.call(
                            "vision_block",
                            in,
                            block,
                            angles[0],
                            angles[1],
                            tower.heads(),
                            reach.count(),
                            reach.gather(),
                            reach.scatter(),
                            reach.mask())));
        }
        NDArray[] merger = weights.visionGroup(tower.depth() + 1);
        int unit = tower.spatialMergeSize() * tower.spatialMergeSize();
        return chain.compute(x, new RecordedBlock((own, in) -> own.call("vision_merger", in, merger, unit)));
    }
}
