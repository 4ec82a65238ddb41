package io.railhead.policy.vision;

/// What a vision tower costs.
///
/// @param parameters that are trained
/// @param multiplyAccumulates of one picture: of convolutions, linear layers and attention; norms, activations and sums
///     are not counted, as is usual
public record VisionCost(long parameters, long multiplyAccumulates) {}
