package io.railhead.app.run;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import io.railhead.policy.ComputeType;
import io.railhead.policy.LoraConfig;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.SwapMode;
import io.railhead.policy.djl.ComputeOptions;
import io.railhead.policy.djl.EngineLimits;
import io.railhead.policy.djl.EngineOptions;
import io.railhead.policy.djl.TrainingOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Which model, where it is computed and how (`railhead.policy`).
///
/// @param engines of a rollout node, one a device
/// @param training at temperature 1; a run sets its own
/// @param simulatedWait added to every decode step of a rollout engine; zero for true timing
public record PolicySettings(
        String model, List<EngineOptions> engines, TrainingOptions training, Duration simulatedWait) {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    public static final String EMBEDDED = "embedded";

    public PolicySettings {
        engines = List.copyOf(engines);
    }

    /// What one engine of a command or of the evaluation is made with: that of the first device.
    public EngineOptions engine() {
        return engines.getFirst();
    }

    /// The learner scores at the temperature that the rollouts are sampled at, so that ratios compare like with like.
    public TrainingOptions trainingAt(SamplingParams sampling) {
        return training.withTemperature(sampling.temperature());
    }

    /// What the user must be told of the times of a run, if they are not true.
    public Optional<String> timingNote() {
        return simulatedWait.isZero()
                ? Optional.empty()
                : Optional.of(
                        "timing is simulated: each decode step of a rollout waits %d ms more, as if it were computed"
                                        .formatted(simulatedWait.toMillis())
                                + " elsewhere");
    }

    public static PolicySettings from(Config config) {
        return StrictConfig.read(config, "railhead.policy", PolicySettings::read);
    }

    private static PolicySettings read(StrictConfig section) {
        EngineLimits limits = new EngineLimits(
                section.integer("slots", 1, 1 << 16),
                section.integer("cache-tokens", 16, 1 << 30),
                section.integer("prefill-tokens", 1, 1 << 24));
        ComputeType type = section.choice("compute", ComputeType.class);
        SwapMode swapMode = section.choice("weights-change", SwapMode.class);
        Optional<LoraConfig> lora = section.section("lora", PolicySettings::lora);
        List<String> devices = section.texts("rollout-devices");
        if (devices.isEmpty()) {
            throw section.contradiction("rollout-devices", "names no device");
        }
        return new PolicySettings(
                section.text("model"),
                devices.stream()
                        .map(device -> new EngineOptions(limits, new ComputeOptions(type, device), swapMode, lora))
                        .toList(),
                new TrainingOptions(
                        1,
                        section.flag("vision-frozen"),
                        false,
                        new ComputeOptions(type, section.text("learner-device")),
                        section.flag("recompute"),
                        section.integer("head-tokens", 1, 1 << 24),
                        lora),
                section.duration("simulated-wait", Duration.ZERO, LONGEST_WAIT));
    }

    private static Optional<LoraConfig> lora(StrictConfig section) {
        int rank = section.integer("rank", 0, 1 << 14);
        double alpha = section.number("alpha", 0, 1e6);
        List<String> targets = section.texts("targets");
        return rank == 0 ? Optional.empty() : Optional.of(new LoraConfig(rank, alpha, targets));
    }
}
