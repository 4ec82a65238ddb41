package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;

/// The vision tower's weights, grouped as its operators take them.
interface VisionWeights {
    /// The arrays of a group of `VisionConfig`, in its order, with adapters behind them, if any.
    ///
    /// What generation uses may have a convolution and its norm as a weight and a bias.
    NDArray[] visionGroup(int index);
}
