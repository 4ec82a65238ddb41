package io.railhead.policy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// A tensor as bytes: its safetensors name, element type, shape and little-endian contents, of any size.
///
/// The contents are a read-only view of memory, of a mapped file or of an array. They need not be aligned, so they are
/// read with this record's layouts. Two tensors are equal if everything including the contents is.
public record NamedTensor(String name, ElementType type, List<Long> shape, MemorySegment data) {
    public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long PIECE = 16 << 20; // bytes
    private static final long ALIGNMENT = 64; // bytes: a cache line, and the widest vector

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
        data = data.asReadOnly();
        long expected = shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException("tensor %s of %s %s has %d bytes instead of %d"
                    .formatted(name, type, shape, data.byteSize(), expected));
        }
    }

    /// A tensor of 32-bit floats with contents of its own.
    public static NamedTensor ofFloats(String name, List<Long> shape, float... values) {
        MemorySegment data = memory((long) values.length * Float.BYTES);
        MemorySegment.copy(values, 0, data, FLOAT, 0, values.length);
        return new NamedTensor(name, ElementType.F32, shape, data);
    }

    /// A tensor of one 64-bit integer.
    public static NamedTensor ofLong(String name, long value) {
        MemorySegment data = memory(Long.BYTES);
        data.set(LONG, 0, value);
        return new NamedTensor(name, ElementType.I64, List.of(1L), data);
    }

    /// Memory outside the Java heap for new contents, freed once no tensor on it is reachable.
    public static MemorySegment memory(long bytes) {
        return Arena.ofAuto().allocate(bytes, ALIGNMENT);
    }

    public long byteCount() {
        return data.byteSize();
    }

    public long elements() {
        return data.byteSize() / type.bytes();
    }

    /// The values of a tensor of 32-bit floats.
    ///
    /// @throws IllegalStateException if it holds others
    public float[] floats() {
        if (type != ElementType.F32) {
            throw new IllegalStateException(name + " has elements of type " + type);
        }
        float[] values = new float[Math.toIntExact(elements())];
        MemorySegment.copy(data, FLOAT, 0, values, 0, values.length);
        return values;
    }

    public NamedTensor named(String other) {
        return new NamedTensor(other, type, shape, data);
    }

    /// The same with contents in memory of its own, so that nothing that happens to a mapped file changes them.
    public NamedTensor copied() {
        return new NamedTensor(name, type, shape, memory(byteCount()).copyFrom(data));
    }

    /// The contents end to end in buffers of a few megabytes each, for those who cannot take more at a time.
    public Stream<ByteBuffer> pieces() {
        return LongStream.iterate(0, start -> start < byteCount(), start -> start + PIECE)
                .mapToObj(start -> data.asSlice(start, Math.min(PIECE, byteCount() - start)))
                .map(piece -> piece.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamedTensor tensor
                && name.equals(tensor.name)
                && type == tensor.type
                && shape.equals(tensor.shape)
                && data.mismatch(tensor.data) < 0;
    }

    /// Without the contents, which may be gigabytes on disk.
    @Override
    public int hashCode() {
        return Objects.hash(name, type, shape);
    }

    @Override
    public String toString() {
        return name + " " + type + " " + shape;
    }
}
