package io.railhead.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// The measured loop: a third of the time warms up, the rest is divided among the repetitions. A repetition does whole
/// slices of work, one at least, so that slow work may take longer than it was given.
///
/// One JVM does it all, so figures of one run share what the compiler learned; a difference of a few per cent between
/// two runs means nothing.
///
/// @param time of one figure, by the clock
/// @param clock in nanoseconds, from any origin
record Loop(Duration time, int repetitions, LongSupplier clock) {
    private static final int WARM_UP_SHARE = 3;

    Loop {
        if (repetitions < 1) {
            throw new IllegalArgumentException("a figure has at least one repetition: " + repetitions);
        }
    }

    static Loop onTheWall(Duration time, int repetitions) {
        return new Loop(time, repetitions, System::nanoTime);
    }

    /// The same by the processor time of the calling thread: what other processes take does not count.
    Loop byProcessorTime() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return new Loop(time, repetitions, threads::getCurrentThreadCpuTime);
    }

    Figure measure(String name, Unit unit, Work work) {
        long warmUp = time.toNanos() / WARM_UP_SHARE;
        if (warmUp > 0) {
            repetition(unit, work, warmUp);
        }
        long each = (time.toNanos() - warmUp) / repetitions;
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < repetitions; i++) {
            values.add(repetition(unit, work, each));
        }
        return Figure.of(name, unit, values);
    }

    private double repetition(Unit unit, Work work, long nanos) {
        long begin = clock.getAsLong();
        long units = 0;
        long taken = 0;
        do {
            work.prepare();
            long start = clock.getAsLong();
            units += work.run();
            taken += clock.getAsLong() - start;
        } while (clock.getAsLong() - begin < nanos);
        return unit.of(units, Math.max(taken, 1));
    }
}
