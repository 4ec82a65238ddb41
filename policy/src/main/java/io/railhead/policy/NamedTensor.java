package io.railhead.policy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// A tensor as bytes: its safetensors name, element type, shape and little-endian contents (a read-only view).
public record NamedTensor(String name, ElementType type, List<Long> shape, ByteBuffer data) {
    /// Element types as safetensors names them, with their size.
    public enum ElementType {
        F32(4),
        F16(2),
        BF16(2),
        I64(8),
        I32(4),
        U8(1);

        private final int bytes;

        ElementType(int bytes) {
            this.bytes = bytes;
        }

        public int bytes() {
            return bytes;
        }
    }

    public NamedTensor {
        shape = List.copyOf(shape);
        data = data.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long expected = shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact) * type.bytes();
        if (data.remaining() != expected) {
            throw new IllegalArgumentException("tensor %s of %s %s has %d bytes instead of %d"
                    .formatted(name, type, shape, data.remaining(), expected));
        }
    }

    /// A fresh read-only view, so that readers do not move each other's position.
    @Override
    public ByteBuffer data() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
}
