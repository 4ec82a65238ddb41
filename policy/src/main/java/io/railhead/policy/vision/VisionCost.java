package io.railhead.policy.vision;

/// What a vision tower costs.
///
/// @param parameters that are trained
/// @param multiplyAccumulates of one picture: of convolutions, linear layers and attention; norms, activations and sums
///     are not counted, as is usual
public record VisionCost(long parameters, long multiplyAccumulates) {
    public static final VisionCost NONE = new VisionCost(0, 0);

    public VisionCost plus(VisionCost other) {
        return new VisionCost(parameters + other.parameters, multiplyAccumulates + other.multiplyAccumulates);
    }
}
