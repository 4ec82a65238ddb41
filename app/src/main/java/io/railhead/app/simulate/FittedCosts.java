package io.railhead.app.simulate;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.telemetry.EventLogReader;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.rollout.RolloutSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/// What a recorded run's event log says of its devices.
///
/// The time of a decode step is the slope of a response's arrival over its length, by least squares within the groups:
/// the responses of a group start together, so their differences hold no queue and no prefill. The learner's time is
/// that which the run measured, per token trained.
///
/// @param config of the run
/// @param firstNanos the least time from a lease to a response without a token: prefill, ways and score
/// @param trajectoriesPerSecond that the run trained, from the end of its first steps, as many as a simulation
///     leaves out, to the end of the last
public record FittedCosts(
        Config config,
        int workers,
        Lengths.GivenGroups lengths,
        double stepNanos,
        double firstNanos,
        double trainSecondsPerStep,
        double trainTokensPerSecond,
        double trajectoriesPerSecond,
        int steps) {

    /// The run's own settings.
    public StageSettings stage() {
        return StageSettings.from(config);
    }

    public RolloutSettings rollout() {
        return RolloutSettings.from(config);
    }

    private record Ended(Instant at, int trained, double trainSeconds, long tokens) {}

    private record Timed(double tokens, double nanos) {}

    /// @throws IOException if the directory has no readable run
    public static FittedCosts of(Path run) throws IOException {
        Config config = ConfigFactory.parseFile(run.resolve("config.conf").toFile())
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
        StageSettings stage = StageSettings.from(config);
        Reading reading = new Reading();
        try (EventLogReader events = EventLogReader.open(run.resolve("events"))) {
            for (Optional<RecordedFact> next = events.next(); next.isPresent(); next = events.next()) {
                reading.on(next.get().at(), next.get().fact());
            }
        }
        if (reading.steps.size() < stage.maxStaleness() + 2 || reading.timed.size() < 2) {
            throw new SimulationFailedException("%s has %d train steps and responses to %d leases: too few to fit costs"
                    .formatted(run, reading.steps.size(), reading.timed.size()));
        }
        return reading.fitted(config, stage);
    }

    private static final class Reading {
        private final Map<LeaseId, Instant> issued = new HashMap<>();
        private final Map<LeaseId, List<Timed>> timed = new HashMap<>(); // first attempts
        private final Set<String> workers = new HashSet<>();
        private final Map<LeaseId, List<Integer>> lengths = new LinkedHashMap<>();
        private final List<Ended> steps = new ArrayList<>();
        private final Map<LeaseId, Long> tokens = new HashMap<>();

        void on(Instant at, RunFact fact) {
            switch (fact) {
                case RunFact.LeaseIssued lease -> {
                    issued.put(lease.lease(), at);
                    workers.add(lease.workerId());
                }
                case RunFact.TrajectoryTaken(var taken) -> {
                    LeaseId lease = taken.rollout().lease();
                    int size = taken.rollout().response().size();
                    lengths.computeIfAbsent(lease, _ -> new ArrayList<>()).add(size);
                    tokens.merge(lease, (long) size, Long::sum);
                    Instant from = issued.get(lease);
                    if (from != null && taken.rollout().attempt() == 1) {
                        timed.computeIfAbsent(lease, _ -> new ArrayList<>())
                                .add(new Timed(size, Duration.between(from, at).toNanos()));
                    }
                }
                case RunFact.StepFinished step ->
                    steps.add(new Ended(
                            at,
                            step.trained().size(),
                            step.metrics().getOrDefault("time/train-seconds", 0.0),
                            step.trained().stream()
                                    .mapToLong(lease -> tokens.getOrDefault(lease, 0L))
                                    .sum()));
                case RunFact.LeaseEnded _,
                        RunFact.CheckpointWritten _,
                        RunFact.IncarnationBegan _,
                        RunFact.LearnerStarted _,
                        RunFact.WeightsMade _,
                        RunFact.TroubleFound _,
                        RunFact.AlertRaised _,
                        RunFact.AlertCleared _,
                        RunFact.LoopMoved _,
                        RunFact.MemoryShort _,
                        RunFact.StageAdvanced _ -> {}
            }
        }

        FittedCosts fitted(Config config, StageSettings stage) {
            double covariance = 0;
            double variance = 0;
            for (List<Timed> group : timed.values()) {
                double meanTokens = mean(group, Timed::tokens);
                double meanNanos = mean(group, Timed::nanos);
                for (Timed response : group) {
                    covariance += (response.tokens() - meanTokens) * (response.nanos() - meanNanos);
                    variance += (response.tokens() - meanTokens) * (response.tokens() - meanTokens);
                }
            }
            if (!(covariance > 0)) {
                throw new SimulationFailedException("the responses of a group have all one length, or come in any"
                        + " order: that says nothing of how long a decode step takes");
            }
            double slope = covariance / variance;
            double first = timed.values().stream()
                    .mapToDouble(group -> mean(group, Timed::nanos) - slope * mean(group, Timed::tokens))
                    .min()
                    .orElseThrow();
            List<Ended> counted = steps.subList(stage.maxStaleness() + 1, steps.size());
            double seconds =
                    counted.stream().mapToDouble(Ended::trainSeconds).average().orElseThrow();
            double perStep = counted.stream().mapToLong(Ended::tokens).average().orElseThrow();
            Duration span = Duration.between(
                    steps.get(stage.maxStaleness()).at(), counted.getLast().at());
            double trajectories = counted.stream().mapToInt(Ended::trained).sum() * (double) stage.groupSize();
            return new FittedCosts(
                    config,
                    workers.size(),
                    new Lengths.GivenGroups(lengths.values().stream()
                            .filter(group -> group.size() == stage.groupSize())
                            .toList()),
                    slope,
                    Math.max(0, first),
                    seconds,
                    Math.max(1, perStep / Math.max(1e-9, seconds)),
                    trajectories / (span.toNanos() / 1e9),
                    counted.size());
        }
    }

    private static double mean(List<Timed> group, ToDoubleFunction<Timed> value) {
        return group.stream().mapToDouble(value).average().orElseThrow();
    }
}
