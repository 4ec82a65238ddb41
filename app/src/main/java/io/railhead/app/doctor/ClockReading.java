package io.railhead.app.doctor;

import java.time.Duration;
import java.time.Instant;

/// The wall clock and the monotonic one, read together.
record ClockReading(Instant wall, long nanos) {
    static ClockReading now() {
        return new ClockReading(Instant.now(), System.nanoTime());
    }

    /// How far the wall clock moved beyond the time that went by. A clock that is set steps; one that is disciplined
    /// moves by a few parts in ten thousand.
    Duration stepUntil(ClockReading later) {
        return Duration.between(wall, later.wall).minusNanos(later.nanos - nanos);
    }
}
