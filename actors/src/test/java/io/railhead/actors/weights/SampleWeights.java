package io.railhead.actors.weights;

import io.railhead.policy.NamedTensor;
import io.railhead.policy.NamedTensor.ElementType;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Two small tensors, different for every version.
final class SampleWeights {
    private SampleWeights() {}

    static WeightsSnapshot of(long version) {
        return new WeightsSnapshot(
                new PolicyVersion(version),
                List.of(
                        new NamedTensor("b", ElementType.U8, List.of(3L), MemorySegment.ofArray(new byte[] {1, 2, 3})),
                        NamedTensor.ofFloats("a", List.of(2L), (float) version, -0.5f)));
    }
}
