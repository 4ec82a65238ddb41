package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;

/// The vision tower's weights, grouped as its operators take them.
interface VisionWeights {
    NDArray patchEmbedding();

    NDArray[] visionBlock(int index);

    NDArray[] visionMerger();
}
