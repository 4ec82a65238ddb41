package io.railhead.app.simulate;

import java.util.Arrays;
import java.util.List;

/// What the simulated learner of a run did until now.
final class TrainerMeter {
    private final long[] tokensByStaleness;
    private long busyNanos;

    TrainerMeter(int maxStaleness) {
        this.tokensByStaleness = new long[maxStaleness + 1];
    }

    /// @param tokensByStaleness trained, from staleness 0 to the bound
    record Totals(long busyNanos, List<Long> tokensByStaleness) {}

    Totals totals() {
        return new Totals(busyNanos, Arrays.stream(tokensByStaleness).boxed().toList());
    }

    void busy(long nanos) {
        busyNanos += nanos;
    }

    /// @throws IllegalStateException if that is staler than the bound: no schedule may come to that
    void trained(long staleness, long tokens) {
        if (staleness < 0 || staleness >= tokensByStaleness.length) {
            throw new IllegalStateException("a token of staleness %d is trained; at most %d is allowed"
                    .formatted(staleness, tokensByStaleness.length - 1));
        }
        tokensByStaleness[(int) staleness] += tokens;
    }
}
