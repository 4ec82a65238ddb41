package io.railhead.policy.djl;

import io.railhead.policy.OutOfDeviceMemoryException;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Tells failures of the native library apart by what they say: it has one type for all of them.
final class NativeFailures {
    /// As the allocators of processors and of CUDA say it, and the C++ runtime.
    private static final Pattern NO_MEMORY = Pattern.compile(
            "out of memory|can't allocate memory|not enough memory|bad_alloc|CUBLAS_STATUS_ALLOC_FAILED");

    private NativeFailures() {}

    /// The call's result.
    ///
    /// @throws OutOfDeviceMemoryException for a failure that says so; any other as it is
    static <T> T within(Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    static RuntimeException translated(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof OutOfDeviceMemoryException) {
                return failure;
            }
            if (NO_MEMORY.matcher(message).find()) {
                return new OutOfDeviceMemoryException(
                        message.lines().findFirst().orElse(""), failure);
            }
        }
        return failure;
    }
}
