package io.railhead.app.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Whether the wall clock can be believed, without asking anybody. Deadlines in a JVM are of the monotonic clock;
/// leases, heads, certificates and names of runs are of the wall clock.
final class Clocks {
    private static final String CHECK = "clock";
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration SKEW = Duration.ofSeconds(2); // file systems with seconds round
    private static final String SET = "set the clock, and keep it with chrony or systemd-timesyncd";

    /// A file and when it was written last.
    record Dated(String name, Instant written) {}

    private Clocks() {}

    /// @param start read before what took time
    /// @param end read after it
    /// @param probe a file that was written between the two, by its own file system's clock
    /// @param newest of the files that are there, the program's among them: the present cannot be before it
    static Finding of(ClockReading start, ClockReading end, Optional<Dated> probe, Optional<Dated> newest) {
        Duration step = start.stepUntil(end);
        if (step.abs().compareTo(STEP) > 0) {
            return Finding.bad(
                    CHECK,
                    "the wall clock moved %d ms against the monotonic one within %d ms"
                            .formatted(
                                    step.toMillis(),
                                    Duration.ofNanos(end.nanos() - start.nanos())
                                            .toMillis()),
                    "let the time service slew the clock instead of stepping it; wait until it has settled");
        }
        if (newest.isPresent() && newest.get().written().isAfter(end.wall().plus(SKEW))) {
            return Finding.bad(
                    CHECK,
                    "it is %s here, but %s is of %s"
                            .formatted(
                                    end.wall(),
                                    newest.get().name(),
                                    newest.get().written()),
                    SET);
        }
        if (probe.isPresent()) {
            Instant written = probe.get().written();
            if (written.isBefore(start.wall().minus(SKEW))
                    || written.isAfter(end.wall().plus(SKEW))) {
                return Finding.bad(
                        CHECK,
                        "a file written now is dated %s, and it is %s here: the clock of the file server differs"
                                .formatted(written, end.wall()),
                        "keep the clocks of this machine and of the file server together");
            }
        }
        return Finding.good(
                CHECK,
                "%s, steady within %d ms".formatted(end.wall(), step.abs().toMillis()));
    }
}
