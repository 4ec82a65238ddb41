package io.railhead.app.simulate;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.stage.LateLeases;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.stage.Watchdog;
import io.railhead.policy.SwapMode;
import io.railhead.reward.RewardSettings;
import io.railhead.rollout.RolloutSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// What is simulated. Everything that a device costs is an assumption, or fitted from a run's event log.
///
/// @param workers rollout workers, each one device
/// @param together the responses of a group start together, when a device has room for all
/// @param maxSteps train steps after which the simulation ends before its time is over
/// @param rewardLatency mean time of a score; the times are exponential
/// @param transfer how long new weights are on their way to a worker
/// @param swap pause of a device that takes them
/// @param meanTimeToFailure of a device, in time that it works; zero = never
/// @param restart from a failure until the device takes leases again
/// @param heartbeat of a worker; as it is repeated when nothing changes, it costs time to simulate and nothing else
/// @param grain tokens that one simulated token stands for
public record SimulationPlan(
        int workers,
        int slots,
        boolean together,
        int queueAhead,
        int groupSize,
        int groupsPerStep,
        int maxStaleness,
        LateLeases lateLeases,
        long maxSteps,
        Duration duration,
        long seed,
        Lengths lengths,
        int maxTokens,
        int promptTokens,
        DeviceModel device,
        TrainerModel trainer,
        int rewardWorkers,
        Duration rewardLatency,
        Duration transfer,
        SwapMode swapMode,
        Duration swap,
        Duration meanTimeToFailure,
        Duration restart,
        Duration heartbeat,
        Duration leaseTimeout,
        long checkpointEvery,
        double correctShare,
        int grain) {
    public SimulationPlan {
        if (workers < 1 || slots < 1 || grain < 1 || promptTokens < 0 || maxTokens < grain) {
            throw new IllegalArgumentException("%d workers with %d slots, grain %d, prompts of %d and at most %d tokens"
                    .formatted(workers, slots, grain, promptTokens, maxTokens));
        }
    }

    public SimulationPlan withMaxStaleness(int staleness) {
        return with(workers, staleness, trainer);
    }

    public SimulationPlan withWorkers(int count) {
        return with(count, maxStaleness, trainer);
    }

    /// The synchronous schedule on one pool of devices: all of them generate, then all of them train.
    ///
    /// @param learnerDevices that help to generate, and that the rollout devices then help to train
    public SimulationPlan colocated(int learnerDevices) {
        double factor = (double) (workers + learnerDevices) / learnerDevices;
        return with(workers + learnerDevices, 0, trainer.times(factor));
    }

    private SimulationPlan with(int count, int staleness, TrainerModel model) {
        return new SimulationPlan(
                count,
                slots,
                together,
                queueAhead,
                groupSize,
                groupsPerStep,
                staleness,
                lateLeases,
                maxSteps,
                duration,
                seed,
                lengths,
                maxTokens,
                promptTokens,
                device,
                model,
                rewardWorkers,
                rewardLatency,
                transfer,
                swapMode,
                swap,
                meanTimeToFailure,
                restart,
                heartbeat,
                leaseTimeout,
                checkpointEvery,
                correctShare,
                grain);
    }

    SimulatedEngine.Traits traits() {
        return new SimulatedEngine.Traits(
                device,
                lengths,
                slots,
                together,
                promptTokens,
                grain,
                swapMode,
                swap.toNanos(),
                meanTimeToFailure.toNanos(),
                correctShare);
    }

    StageSettings stageSettings() {
        Map<String, Object> keys = new HashMap<>();
        keys.put("steps", maxSteps);
        keys.put("groups-per-step", groupsPerStep);
        keys.put("group-size", groupSize);
        keys.put("max-staleness", maxStaleness);
        keys.put("late-leases", lateLeases.name().toLowerCase(java.util.Locale.ROOT));
        keys.put("filter-zero-variance", false);
        keys.put("lease-timeout", leaseTimeout);
        keys.put("worker-silence", heartbeat.multipliedBy(6));
        keys.put("max-attempts", 1000); // what simulated failures take is always tried again
        keys.put("stall-timeout", "30d");
        keys.put("checkpoint-every", checkpointEvery);
        for (Watchdog watchdog : Watchdog.values()) {
            keys.put("watchdogs." + watchdog.label() + ".after", Duration.ZERO); // their warnings are of real devices
        }
        keys.put("tick", heartbeat.compareTo(Duration.ofMinutes(1)) < 0 ? heartbeat : Duration.ofMinutes(1));
        keys.put("seed", seed);
        keys.put("sampling.max-tokens", maxTokens / grain);
        keys.put("curriculum.preset", "flat");
        return StageSettings.from(config("stage", keys));
    }

    RolloutSettings rolloutSettings() {
        return RolloutSettings.from(config(
                "rollout",
                Map.of(
                        "queue-ahead",
                        queueAhead,
                        "heartbeat",
                        heartbeat,
                        "restart-backoff",
                        restart.isZero() ? Duration.ofMillis(1) : restart,
                        "max-restart-backoff",
                        restart.isZero() ? Duration.ofMillis(1) : restart,
                        "max-crashes-in-row",
                        1_000_000)));
    }

    RewardSettings rewardSettings() {
        return RewardSettings.from(config("reward", Map.of("workers", rewardWorkers, "deadline", "1h")));
    }

    private static Config config(String area, Map<String, Object> keys) {
        return ConfigFactory.parseMap(keys)
                .atPath("railhead." + area)
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }
}
