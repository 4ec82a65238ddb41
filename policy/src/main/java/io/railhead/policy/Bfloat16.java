package io.railhead.policy;

import io.railhead.policy.NamedTensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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
        ByteBuffer from = tensor.data();
        ByteBuffer to = ByteBuffer.allocate(from.remaining() / 2).order(ByteOrder.LITTLE_ENDIAN);
        while (from.hasRemaining()) {
            to.putShort(bits(from.getFloat()));
        }
        return new NamedTensor(tensor.name(), ElementType.BF16, tensor.shape(), to.flip());
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
