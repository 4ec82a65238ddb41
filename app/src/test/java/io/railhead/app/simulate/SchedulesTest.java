package io.railhead.app.simulate;

import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Many runs of a few steps, each under a schedule of its own. `-Drailhead.schedules=N` tries more of them,
/// `-Drailhead.schedule=SEED` only that one.
class SchedulesTest {
    private static final int COUNT = Integer.getInteger("railhead.schedules", 2000);
    private static final Optional<Long> ONE = Optional.ofNullable(Long.getLong("railhead.schedule"));

    @Test
    void theInvariantsHoldWhateverIsLostLateDoubledFrozenOrCrashes() {
        ONE.map(LongStream::of).orElseGet(() -> LongStream.range(0, COUNT)).forEach(seed -> {
            try {
                Schedule.run(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("schedule %d; again by -Drailhead.schedule=%d".formatted(seed, seed), e);
            }
        });
    }
}
