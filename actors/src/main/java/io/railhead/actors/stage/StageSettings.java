package io.railhead.actors.stage;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import io.railhead.actors.stage.StageSpec.Advance;
import io.railhead.policy.SamplingParams;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The section `railhead.stage`.
public record StageSettings(
        long steps,
        int groupsPerStep,
        int groupSize,
        int maxStaleness,
        LateLeases lateLeases,
        boolean filterZeroVariance,
        int maxFilteredInARow,
        Duration leaseTimeout,
        Duration workerSilence,
        int maxAttempts,
        int maxConsecutiveFailures,
        Duration stallTimeout,
        long checkpointEvery,
        int maxFailedCheckpoints,
        Duration tick,
        WatchdogSettings watchdogs,
        ClosedLoopSettings closedLoop,
        long seed,
        SamplingParams sampling,
        List<StageSpec> curriculum) {
    private static final Duration DAY = Duration.ofDays(1);

    public StageSettings {
        curriculum = List.copyOf(curriculum);
    }

    public Staleness staleness() {
        return new Staleness(maxStaleness, groupsPerStep);
    }

    /// @throws io.railhead.actors.settings.ConfigurationException if a key is unknown or a value is not usable
    public static StageSettings from(Config config) {
        return StrictConfig.read(config, "railhead.stage", StageSettings::read);
    }

    private static StageSettings read(StrictConfig section) {
        long steps = section.longInteger("steps", 1, 1L << 40);
        int groupsPerStep = section.integer("groups-per-step", 1, 1 << 20);
        int maxStaleness = section.integer("max-staleness", 0, 1000);
        long seed = section.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        return new StageSettings(
                steps,
                groupsPerStep,
                section.integer("group-size", 1, 4096),
                maxStaleness,
                section.choice("late-leases", LateLeases.class),
                section.flag("filter-zero-variance"),
                section.integer("max-filtered-in-a-row", 1, Integer.MAX_VALUE),
                section.duration("lease-timeout", Duration.ofMillis(1), DAY),
                section.duration("worker-silence", Duration.ofMillis(1), DAY),
                section.integer("max-attempts", 1, 1000),
                section.integer("max-consecutive-failures", 1, Integer.MAX_VALUE),
                section.duration("stall-timeout", Duration.ofSeconds(1), DAY.multipliedBy(30)),
                section.longInteger("checkpoint-every", 1, Long.MAX_VALUE),
                section.integer("max-failed-checkpoints", 1, Integer.MAX_VALUE),
                section.duration("tick", Duration.ofMillis(1), Duration.ofMinutes(1)),
                section.section("watchdogs", WatchdogSettings::from),
                section.section("closed-loop", loop -> ClosedLoopSettings.from(loop, maxStaleness)),
                seed,
                section.section("sampling", StageSettings::sampling),
                section.section("curriculum", curriculum -> curriculum(curriculum, steps * groupsPerStep, seed)));
    }

    private static SamplingParams sampling(StrictConfig section) {
        return new SamplingParams(
                section.integer("max-tokens", 1, 1 << 20),
                section.number("temperature", 0, 100),
                section.number("top-p", Double.MIN_VALUE, 1),
                section.integer("top-k", 0, Integer.MAX_VALUE));
    }

    private static List<StageSpec> curriculum(StrictConfig section, long totalGroups, long seed) {
        CurriculumPresets preset = section.choice("preset", CurriculumPresets.class);
        List<Double> shares = section.numbers("shares", 0, 1);
        double rehearsal = section.number("rehearsal", 0, 0.99);
        List<StageSpec> stages = section.sections("stages", stage -> stage(stage, seed));
        Optional<DifficultyPools> pools = section.section("pools", StageSettings::pools);
        return (stages.isEmpty() ? preset.stages(totalGroups, shares, rehearsal, seed) : stages)
                .stream().map(stage -> stage.withPools(pools)).toList();
    }

    private static StageSpec stage(StrictConfig section, long seed) {
        String name = section.text("name");
        return new StageSpec(
                name,
                section.texts("kinds"),
                section.optional("difficulties", section::texts).orElse(List.of()),
                section.optional("seed", key -> section.longInteger(key, Long.MIN_VALUE, Long.MAX_VALUE))
                        .orElse(Mix.of(seed, name.hashCode())),
                section.optional("rehearsal", key -> section.number(key, 0, 0.99))
                        .orElse(0.0),
                section.section("advance", StageSettings::advance));
    }

    private static Optional<DifficultyPools> pools(StrictConfig section) {
        DifficultyPools pools = new DifficultyPools(
                section.number("low", 0, 1),
                section.number("high", 0, 1),
                section.number("hard-weight", Double.MIN_VALUE, 1),
                section.number("easy-weight", Double.MIN_VALUE, 1));
        return section.flag("enabled") ? Optional.of(pools) : Optional.empty();
    }

    private enum Rule {
        BUDGET,
        ONE_PASS,
        MASTERY,
        PLATEAU,
        UNBOUNDED
    }

    private static Advance advance(StrictConfig section) {
        return switch (section.choice("rule", Rule.class)) {
            case BUDGET -> new Advance.Budget(section.longInteger("groups", 1, Long.MAX_VALUE));
            case ONE_PASS -> new Advance.OnePass();
            case MASTERY ->
                new Advance.Mastery(
                        section.number("threshold", 0, 1), section.longInteger("min-groups", 0, Long.MAX_VALUE));
            case PLATEAU ->
                new Advance.Plateau(
                        section.number("min-delta", 0, 1), section.longInteger("patience", 1, Long.MAX_VALUE));
            case UNBOUNDED -> new Advance.Unbounded();
        };
    }
}
