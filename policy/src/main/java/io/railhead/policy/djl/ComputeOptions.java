package io.railhead.policy.djl;

import io.railhead.policy.ComputeType;

/// What passes are computed in, and where.
///
/// @param device `cpu`, or `cuda:` and a number
public record ComputeOptions(ComputeType type, String device) {
    public static final ComputeOptions DEFAULT = new ComputeOptions(ComputeType.FLOAT32, "cpu");

    public ComputeOptions {
        if (!device.matches("cpu|cuda:[0-9]{1,3}")) {
            throw new IllegalArgumentException("device = " + device + " is neither cpu nor cuda:NUMBER");
        }
    }
}
