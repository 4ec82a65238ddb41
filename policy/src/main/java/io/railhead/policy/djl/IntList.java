package io.railhead.policy.djl;

import java.util.Arrays;
import java.util.Objects;

/// A growing list of ints, for index arrays whose length is known only at the end.
final class IntList {
    private int[] values = new int[16];
    private int size;

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    int size() {
        return size;
    }

    int get(int index) {
        return values[Objects.checkIndex(index, size)];
    }

    /// @throws IndexOutOfBoundsException if the list is empty
    int last() {
        return values[size - 1];
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
