package io.railhead.actors.wire;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.policy.PolicyVersion;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// What every decoder checks. Protobuf's unsigned numbers are signed in Java: beyond the positive range they are
/// refused.
final class Checks {
    private Checks() {}

    static int notNegative(int value, String field) {
        if (value < 0) {
            throw new MalformedMessageException(field + " is out of range: " + Integer.toUnsignedString(value));
        }
        return value;
    }

    static long notNegative(long value, String field) {
        if (value < 0) {
            throw new MalformedMessageException(field + " is out of range: " + Long.toUnsignedString(value));
        }
        return value;
    }

    static PolicyVersion version(long value, String field) {
        return new PolicyVersion(notNegative(value, field));
    }

    static LeaseId lease(long value, String field) {
        return new LeaseId(notNegative(value, field));
    }

    static void present(boolean present, String field) {
        if (!present) {
            throw new MalformedMessageException(field + " is missing");
        }
    }

    /// Calls a constructor; what it refuses is the message's fault.
    static <T> T valid(String message, Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(message + ": " + e.getMessage(), e);
        }
    }

    static <A, B> List<B> each(List<A> items, Function<? super A, ? extends B> converter) {
        return items.stream().<B>map(converter).toList();
    }
}
