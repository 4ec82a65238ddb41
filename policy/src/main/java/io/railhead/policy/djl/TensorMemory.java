package io.railhead.policy.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.jni.JniUtils;
import io.railhead.policy.ComputeType;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.NamedTensor.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// From the memory of stored tensors to native arrays and back.
final class TensorMemory {
    private TensorMemory() {}

    /// Whether an array of the given type can lie on the tensor's own memory.
    static boolean sharable(NamedTensor tensor, ComputeType type, TensorScope scope) {
        return tensor.type() == stored(type) && addressable(tensor) && scope.onCpu();
    }

    /// An array on the tensor's own memory, in its own type.
    ///
    /// The memory may be a file that can only be read, so nobody may write to the array; and the tensor must stay
    /// reachable as long as the array, or another on its memory, is used.
    static NDArray shared(TensorScope scope, NamedTensor tensor) {
        return array(scope, tensor.data(), tensor.type(), shape(tensor.shape()));
    }

    /// An array of the given type with memory of its own, on the scope's device. Values are rounded to the nearest.
    ///
    /// Where the tensor lies in a mapped file, its pages leave memory again, so that nothing is there twice.
    static NDArray copy(TensorScope owner, NamedTensor tensor, ComputeType type) {
        NamedTensor source = addressable(tensor) ? tensor : tensor.copied();
        try (TensorScope scope = TensorScope.within(owner)) {
            return owner.call("copy_as", shared(scope, source), number(type), scope.none());
        } finally {
            Reference.reachabilityFence(source);
            release(tensor);
        }
    }

    /// Lets the pages of a mapped tensor leave memory: they come back when they are read again.
    static void release(NamedTensor tensor) {
        if (tensor.data().isMapped()) {
            tensor.data().unload();
        }
    }

    /// The values of a 32-bit leaf in the given type, with a graph that leads back to it; the leaf itself if that
    /// is its type.
    static NDArray rounded(TensorScope owner, NDArray leaf, ComputeType type) {
        return type == ComputeType.FLOAT32
                ? leaf
                : TensorScope.recorded(() -> owner.call("rounded", leaf, number(type)));
    }

    /// The array's values as a tensor with memory of its own.
    static NamedTensor read(TensorScope owner, String name, NDArray array, ComputeType type) {
        return read(owner, name, array, stored(type));
    }

    /// @param type that of the array
    static NamedTensor read(TensorScope owner, String name, NDArray array, ElementType type) {
        Shape shape = array.getShape();
        MemorySegment memory = NamedTensor.memory(shape.size() * type.bytes());
        try (TensorScope scope = TensorScope.within(owner)) {
            scope.run("assign", array(scope, memory, type, shape), array);
        } finally {
            Reference.reachabilityFence(memory);
        }
        return new NamedTensor(
                name, type, Arrays.stream(shape.getShape()).boxed().toList(), memory);
    }

    /// PyTorch's number of an element type, as operators take it.
    static int number(ComputeType type) {
        return switch (type) {
            case FLOAT32 -> 6;
            case BFLOAT16 -> 15;
        };
    }

    private static ElementType stored(ComputeType type) {
        return switch (type) {
            case FLOAT32 -> ElementType.F32;
            case BFLOAT16 -> ElementType.BF16;
        };
    }

    private static boolean addressable(NamedTensor tensor) {
        MemorySegment data = tensor.data();
        return data.isNative() && data.address() % tensor.type().bytes() == 0;
    }

    private static NDArray array(TensorScope scope, MemorySegment memory, ElementType type, Shape shape) {
        return switch (type) {
            case F32 -> array(scope, memory, DataType.FLOAT32, shape);
            case F16 -> array(scope, memory, DataType.FLOAT16, shape);
            case BF16 -> {
                try (NDArray halves = array(scope, memory, DataType.FLOAT16, shape)) {
                    yield scope.call("bytes_as_bfloat16", halves);
                }
            }
            case I64, I32, U8 -> throw new IllegalArgumentException("integers (" + type + ") are no weights");
        };
    }

    /// The native side asks the buffer for its address alone, and the shape says how far it goes from there, beyond
    /// the 2 GiB of a buffer as well.
    private static NDArray array(TensorScope scope, MemorySegment memory, DataType type, Shape shape) {
        ByteBuffer start =
                memory.asSlice(0, Math.min(memory.byteSize(), Long.BYTES)).asByteBuffer();
        return JniUtils.createNdFromByteBuffer(scope.manager(), start, shape, type, SparseFormat.DENSE, Device.cpu());
    }

    private static Shape shape(List<Long> sizes) {
        return new Shape(sizes.stream().mapToLong(Long::longValue).toArray());
    }
}
