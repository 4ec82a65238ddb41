package io.railhead.app.simulate;

/// What a train step costs on the learner's devices, to the first order.
///
/// @param tokensPerSecond trained, all devices of the learner together
/// @param stepNanos of each step besides: optimiser, making the weights ready
/// @param commitNanos of a checkpoint
public record TrainerModel(double tokensPerSecond, long stepNanos, long commitNanos) {
    public TrainerModel {
        if (!(tokensPerSecond > 0) || stepNanos < 0 || commitNanos < 0) {
            throw new IllegalArgumentException("%s tokens per second, %d ns a step, %d ns a commit"
                    .formatted(tokensPerSecond, stepNanos, commitNanos));
        }
    }

    long nanos(long tokens) {
        return stepNanos + (long) Math.ceil(tokens * 1e9 / tokensPerSecond);
    }

    /// With so many times the devices.
    TrainerModel times(double factor) {
        return new TrainerModel(tokensPerSecond * factor, stepNanos, commitNanos);
    }
}
