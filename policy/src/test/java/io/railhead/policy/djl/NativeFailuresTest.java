package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.OutOfDeviceMemoryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeFailuresTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 139.81 GiB",
                "[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate memory: you tried"
                        + " to allocate 4000000000000 bytes. Error code 12 (Cannot allocate memory)",
                "std::bad_alloc"
            })
    void aFailureForWantOfMemoryIsToldAsOne(String message) {
        RuntimeException failure = new IllegalStateException("a pass failed", new IllegalArgumentException(message));
        assertThat(NativeFailures.translated(failure))
                .isInstanceOf(OutOfDeviceMemoryException.class)
                .hasMessage(message)
                .hasCause(failure);
    }

    @Test
    void anyOtherFailureStaysWhatItIs() {
        RuntimeException failure = new IllegalStateException("shapes differ");
        assertThat(NativeFailures.translated(failure)).isSameAs(failure);
    }

    /// What the library really says of an array that no machine holds.
    @Test
    void theLibrarysOwnWordsAreUnderstood() {
        try (TensorScope scope = TensorScope.ofThisThread()) {
            assertThatThrownBy(() -> NativeFailures.within(
                            () -> scope.manager().zeros(new ai.djl.ndarray.types.Shape(1L << 30, 1L << 25))))
                    .isInstanceOf(OutOfDeviceMemoryException.class);
        }
    }
}
