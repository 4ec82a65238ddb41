package io.railhead.policy;

import io.railhead.policy.NamedTensor.ElementType;
import java.lang.foreign.MemorySegment;

/// 32-bit floats to bfloat16: the upper half of the bits, rounded to the nearest, ties to even.
public final class Bfloat16 {
    private Bfloat16() {}

    /// The tensor in half the bytes.
    ///
    /// @throws IllegalArgumentException if it does not hold 32-bit floats
    public static NamedTensor of(NamedTensor tensor) {
        if (tensor.type() != ElementType.F32) {
            throw new IllegalArgumentException(tensor.name() + " has elements of type " + tensor.type());
        }
        MemorySegment from = tensor.data();
        MemorySegment to = NamedTensor.memory(from.byteSize() / 2);
        for (long i = 0; i < tensor.elements(); i++) {
            to.setAtIndex(NamedTensor.SHORT, i, bits(from.getAtIndex(NamedTensor.FLOAT, i)));
        }
        return new NamedTensor(tensor.name(), ElementType.BF16, tensor.shape(), to);
    }

    static short bits(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40); // stays NaN, whatever the lower half held
        }
        int roundUp = 0x7fff + ((bits >>> 16) & 1);
        return (short) ((bits + roundUp) >>> 16);
    }
}
