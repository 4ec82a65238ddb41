package io.railhead.policy.compact;

/// The networks that a compact tower is made of.
public enum Family {
    /// Howard et al., "MobileNets", 2017 (arXiv 1704.04861).
    MOBILENET_V1,

    /// Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018 (arXiv 1801.04381).
    MOBILENET_V2
}
