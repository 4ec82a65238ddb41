package io.railhead.app.simulate;

import java.util.LinkedHashSet;
import java.util.Set;

/// What the simulated rollout devices of a run did until now. Written by them, on the one thread that there is.
final class RolloutMeter {
    private final Set<SimulatedEngine> engines = new LinkedHashSet<>();
    private long busyNanos;
    private long stallNanos;
    private double slotNanos;
    private long generated;
    private long cancelled;
    private long lost;
    private long crashes;

    /// Sums over all devices. Tokens are real ones, as long as the grain does not cut them.
    ///
    /// @param busyNanos decoding or prefilling
    /// @param stallNanos taking new weights
    /// @param slotNanos over the running sequences: how long each ran
    /// @param generated decoded
    /// @param cancelled of these, in responses that nobody wanted any more
    /// @param lost of these, in responses that a crash took
    record Totals(
            long busyNanos,
            long stallNanos,
            double slotNanos,
            long generated,
            long cancelled,
            long lost,
            long crashes) {
        Totals minus(Totals before) {
            return new Totals(
                    busyNanos - before.busyNanos,
                    stallNanos - before.stallNanos,
                    slotNanos - before.slotNanos,
                    generated - before.generated,
                    cancelled - before.cancelled,
                    lost - before.lost,
                    crashes - before.crashes);
        }
    }

    /// Up to the present instant.
    Totals totals() {
        engines.forEach(SimulatedEngine::catchUp);
        return new Totals(busyNanos, stallNanos, slotNanos, generated, cancelled, lost, crashes);
    }

    void opened(SimulatedEngine engine) {
        engines.add(engine);
    }

    void closed(SimulatedEngine engine) {
        engines.remove(engine);
    }

    void decoded(long nanos, int running, long tokens) {
        busyNanos += nanos;
        slotNanos += (double) nanos * running;
        generated += tokens;
    }

    void prefilled(long nanos) {
        busyNanos += nanos;
    }

    void stalled(long nanos) {
        stallNanos += nanos;
    }

    void cancelled(long tokens) {
        cancelled += tokens;
    }

    void crashed(long tokens) {
        crashes++;
        lost += tokens;
    }
}
