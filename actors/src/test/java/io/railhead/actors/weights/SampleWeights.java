package io.railhead.actors.weights;

import io.railhead.policy.NamedTensor;
import io.railhead.policy.NamedTensor.ElementType;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Two small tensors, different for every version.
final class SampleWeights {
    private SampleWeights() {}

    static WeightsSnapshot of(long version) {
        ByteBuffer floats = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        floats.putFloat((float) version).putFloat(-0.5f).flip();
        return new WeightsSnapshot(
                new PolicyVersion(version),
                List.of(
                        new NamedTensor("b", ElementType.U8, List.of(3L), ByteBuffer.wrap(new byte[] {1, 2, 3})),
                        new NamedTensor("a", ElementType.F32, List.of(2L), floats)));
    }
}
