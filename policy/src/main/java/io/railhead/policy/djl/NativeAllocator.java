package io.railhead.policy.djl;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandleProxies;
import java.util.Optional;
import java.util.function.LongConsumer;

/// The C library's allocator, which tensors on the CPU come from.
final class NativeAllocator {
    private static final Optional<LongConsumer> MALLOC_TRIM =
            Linker.nativeLinker().defaultLookup().find("malloc_trim").map(NativeAllocator::function);

    private NativeAllocator() {}

    /// Gives freed memory back to the operating system. glibc keeps it, by the gigabyte, where values that live long
    /// lie between values that do not.
    ///
    /// Takes tens of milliseconds, and the next steps fetch their pages anew: not for every step. Does nothing
    /// where the C library has no such call.
    static void trim() {
        MALLOC_TRIM.ifPresent(trim -> trim.accept(0));
    }

    @SuppressWarnings("restricted") // one number in, one out
    private static LongConsumer function(MemorySegment address) {
        var signature = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
        return MethodHandleProxies.asInterfaceInstance(
                LongConsumer.class, Linker.nativeLinker().downcallHandle(address, signature));
    }
}
