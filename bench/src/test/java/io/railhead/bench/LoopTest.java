package io.railhead.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoopTest {
    private final AtomicLong clock = new AtomicLong();

    /// Prepares for 70 ns; then does 5 units in 10 ns the first time, in 20 ns the second, and so on.
    private final class SlowingWork implements Work {
        private long slices;

        @Override
        public void prepare() {
            clock.addAndGet(70);
        }

        @Override
        public long run() {
            clock.addAndGet(10 * ++slices);
            return 5;
        }
    }

    private Loop loop(Duration time, int repetitions) {
        return new Loop(time, repetitions, clock::get);
    }

    @Test
    void withoutTimeEachRepetitionIsOneSliceAndNothingWarmsUp() {
        Figure figure = loop(Duration.ZERO, 3).measure("work", new Unit("ns/unit", false, 1), new SlowingWork());
        assertThat(figure).isEqualTo(new Figure("work", "ns/unit", 4, 2, 6, 3));
    }

    @Test
    void aThirdOfTheTimeWarmsUpAndPreparationIsNotMeasured() {
        // 240 ns: slice 1 warms up (80 ns); the repetition of 160 ns is slices 2 and 3 (90 + 100 ns), 50 ns measured
        Figure figure =
                loop(Duration.ofNanos(240), 1).measure("work", new Unit("ns/unit", false, 1), new SlowingWork());
        assertThat(figure).isEqualTo(new Figure("work", "ns/unit", 5, 5, 5, 1));
    }

    @Test
    void aRateIsUnitsATime() {
        Figure figure = loop(Duration.ZERO, 2).measure("work", Unit.perSecond("units"), new SlowingWork());
        assertThat(figure).isEqualTo(new Figure("work", "units/s", 3.75e8, 2.5e8, 5e8, 2));
    }
}
