package io.railhead.actors.weights.delta;

import io.railhead.policy.NamedTensor;
import io.railhead.policy.NamedTensor.ElementType;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Snapshots of a few tensors of all types, some empty, some of several blocks.
public final class RandomWeights {
    private RandomWeights() {}

    public static WeightsSnapshot draw(long version, long seed, int largestElements) {
        Random random = new Random(seed);
        List<NamedTensor> tensors = new ArrayList<>();
        for (ElementType type : ElementType.values()) {
            for (int i = 0; i < 2; i++) {
                long elements = random.nextInt(largestElements + 1);
                MemorySegment data = NamedTensor.memory(elements * type.bytes());
                for (long at = 0; at + 2 <= data.byteSize(); at += 2) {
                    data.set(NamedTensor.SHORT, at, (short) SpecialNumbers.draw(random, Short.BYTES));
                }
                tensors.add(new NamedTensor("layer." + type + "." + i, type, List.of(elements), data));
            }
        }
        return new WeightsSnapshot(new PolicyVersion(version), tensors);
    }

    /// A version on: every third tensor as it was, in every third few elements changed, in the rest most of the bytes.
    public static WeightsSnapshot next(WeightsSnapshot before, long seed) {
        Random random = new Random(seed);
        List<NamedTensor> tensors = new ArrayList<>();
        for (NamedTensor tensor : before.tensors()) {
            double changed = List.of(0.0, 0.005, 0.8).get(tensors.size() % 3);
            MemorySegment data = NamedTensor.memory(tensor.byteCount()).copyFrom(tensor.data());
            for (long at = 0; at < data.byteSize(); at++) {
                if (random.nextDouble() < changed) {
                    data.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
                }
            }
            tensors.add(new NamedTensor(tensor.name(), tensor.type(), tensor.shape(), data));
        }
        return new WeightsSnapshot(before.version().next(), tensors);
    }
}
