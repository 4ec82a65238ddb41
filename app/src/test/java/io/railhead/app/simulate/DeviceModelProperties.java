package io.railhead.app.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class DeviceModelProperties {
    private static final DeviceModel DEVICE = new DeviceModel(20e6, 50e3, 20, 20_000);

    @Property(tries = 300)
    void stepsWithinATimeAreTheMostThatFit(
            @ForAll @LongRange(max = 100_000_000_000_000L) long nanos,
            @ForAll @IntRange(min = 1, max = 512) int running,
            @ForAll @LongRange(max = 20_000_000) long cached) {
        long steps = DEVICE.stepsWithin(nanos, running, cached);
        assertThat(DEVICE.decodeNanos(steps, running, cached)).isLessThanOrEqualTo(nanos);
        assertThat(DEVICE.decodeNanos(steps + 1, running, cached)).isGreaterThan(nanos);
    }

    /// The slow twin: one step after the other, each with one token a sequence more in the cache.
    @Property(tries = 100)
    void decodingTakesTheSumOfItsSteps(
            @ForAll @IntRange(max = 2000) int steps,
            @ForAll @IntRange(min = 1, max = 64) int running,
            @ForAll @LongRange(max = 1_000_000) long cached) {
        double sum = 0;
        for (int i = 0; i < steps; i++) {
            sum += 20e6 + 50e3 * running + 20.0 * (cached + (long) i * running);
        }
        assertThat((double) DEVICE.decodeNanos(steps, running, cached)).isBetween(sum - 1, sum + 2);
    }
}
