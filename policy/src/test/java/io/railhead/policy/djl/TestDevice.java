package io.railhead.policy.djl;

import io.railhead.policy.ComputeType;

/// The device that the numeric tests run on: `cpu`, or what the system property `railhead.test.device` says, such
/// as `cuda:0`. Tolerances of the tests hold for either.
final class TestDevice {
    private static final String NAME = System.getProperty("railhead.test.device", "cpu");

    private TestDevice() {}

    static ComputeOptions compute(ComputeType type) {
        return new ComputeOptions(type, NAME);
    }

    static TrainingOptions training() {
        return TrainingOptions.DEFAULT.with(compute(ComputeType.FLOAT32));
    }

    static EngineOptions engine(EngineLimits limits) {
        return EngineOptions.of(limits).with(compute(ComputeType.FLOAT32));
    }

    static TensorScope scope() {
        try {
            return TensorScope.ofThisThread(NAME);
        } catch (DeviceMissingException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
