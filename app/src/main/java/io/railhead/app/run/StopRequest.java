package io.railhead.app.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Whether and when the user asked for an end. Set once, by any thread.
public final class StopRequest {
    private final AtomicReference<Optional<Instant>> requestedAt = new AtomicReference<>(Optional.empty());

    public void request() {
        requestedAt.compareAndSet(Optional.empty(), Optional.of(Instant.now()));
    }

    public boolean isRequested() {
        return requestedAt.get().isPresent();
    }

    boolean isOverdue(Duration patience) {
        return requestedAt
                .get()
                .map(at -> Duration.between(at, Instant.now()).compareTo(patience) > 0)
                .orElse(false);
    }
}
