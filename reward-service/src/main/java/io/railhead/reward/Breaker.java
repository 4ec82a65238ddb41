package io.railhead.reward;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A circuit breaker: after `limit` failures in a row the scoring function is left alone for `pause`; then one score
/// tries it, and another failure begins another pause.
///
/// @param openUntil when the pause ends; null while the breaker is closed
record Breaker(
        int limit, Duration pause, int failures, @Nullable Instant openUntil) {
    static Breaker closed(int limit, Duration pause) {
        return new Breaker(limit, pause, 0, null);
    }

    boolean allows(Instant now) {
        return openUntil == null || !now.isBefore(openUntil);
    }

    Breaker succeeded() {
        return failures == 0 ? this : closed(limit, pause);
    }

    Breaker failed(Instant now) {
        int next = Math.min(limit, failures + 1);
        return new Breaker(limit, pause, next, next < limit ? null : now.plus(pause));
    }
}
