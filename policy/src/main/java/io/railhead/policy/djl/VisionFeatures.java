package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.PatchGrid;
import java.util.List;

/// What the vision tower made of a prompt's pictures.
///
/// @param features one row a visual token, in the tower's order
/// @param rowOfToken the row of visual token i, in the order of placeholders
@SuppressWarnings("ArrayRecordComponent") // lives in a cache
record VisionFeatures(NDArray features, int[] rowOfToken) {
    static VisionFeatures of(
            TensorScope scope, PolicyNetwork network, VisionWeights weights, List<PatchGrid> pictures) {
        VisionLayout layout = VisionLayout.of(pictures, network.config().vision());
        try (TensorScope pass = TensorScope.within(scope)) {
            NDArray features = network.features(pass, weights, layout);
            features.attach(scope.manager());
            return new VisionFeatures(features, layout.rowOfToken());
        }
    }
}
