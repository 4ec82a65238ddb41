package io.railhead.app.simulate;

import io.railhead.actors.stage.LateLeases;
import io.railhead.policy.SwapMode;
import java.time.Duration;

/// Small simulations.
final class Plans {
    private Plans() {}

    /// Eight devices, of which each holds a group of four at a time.
    static SimulationPlan small(int maxStaleness, long seed, Duration meanTimeToFailure) {
        return small(maxStaleness, seed, meanTimeToFailure, LateLeases.PACE);
    }

    static SimulationPlan small(int maxStaleness, long seed, Duration meanTimeToFailure, LateLeases lateLeases) {
        return new SimulationPlan(
                8,
                4,
                false,
                4,
                4,
                8,
                maxStaleness,
                lateLeases,
                1_000_000,
                Duration.ofHours(1),
                seed,
                new Lengths.HeavyTail(1000, 0.7, 0.1, 1.1, 8192),
                8192,
                512,
                new DeviceModel(10e6, 50e3, 20, 20_000),
                new TrainerModel(3000, 1_000_000_000L, 2_000_000_000L),
                2,
                Duration.ofMillis(50),
                Duration.ofSeconds(2),
                SwapMode.KEEP_CACHE,
                Duration.ofSeconds(1),
                meanTimeToFailure,
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                Duration.ofHours(1),
                10,
                0.5,
                64);
    }
}
