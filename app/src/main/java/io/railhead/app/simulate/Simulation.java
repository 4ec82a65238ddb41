package io.railhead.app.simulate;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.RunFact.LeaseEnded.Outcome;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.virtual.Order;
import io.railhead.actors.virtual.VirtualSystem;
import io.railhead.actors.virtual.VirtualTime;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.PolicyVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Runs a [SimulationPlan] on the calling thread, with the real actors, and measures. Equal plans give equal results.
public final class Simulation {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private Simulation() {}

    /// @throws SimulationFailedException if the run failed in virtual time, or made too few steps to say anything
    public static SimulationResult run(SimulationPlan plan) {
        long began = System.nanoTime();
        VirtualTime time = VirtualTime.startingAt(START, Order.inTurn());
        RolloutMeter rollout = new RolloutMeter();
        TrainerMeter trainer = new TrainerMeter(plan.maxStaleness());
        Measurements measured = new Measurements(
                time::nanoTime,
                rollout,
                trainer,
                plan.groupSize(),
                plan.grain(),
                plan.maxStaleness() + 1L,
                IntendedLengths.of(plan));
        AtomicReference<RunEnded> end = new AtomicReference<>();
        SplittableRandom random = new SplittableRandom(plan.seed());
        SimulatedRun.Parts parts = new SimulatedRun.Parts(
                plan.stageSettings(),
                plan.rolloutSettings(),
                plan.rewardSettings(),
                new SimulatedPrompts(),
                plan.workers(),
                _ -> engines(plan, time, random.split(), rollout),
                parent -> SimulatedTrainer.create(
                        plan.trainer(), plan.promptTokens(), plan.grain(), time, trainer, parent),
                new SimulatedReward(),
                latency(plan.rewardLatency(), random.split()),
                plan::transfer,
                Optional.empty(),
                recorder(measured),
                end::set,
                Hops.DIRECT);
        try (VirtualSystem<Void> system =
                VirtualSystem.create(SimulatedRun.create(parts, time), ConfigFactory.defaultReference(), time)) {
            system.runUntil(() -> end.get() != null, plan.duration());
        }
        RunEnded ended = end.get();
        if (ended != null && ended.outcome() == RunEnded.Outcome.FAILED) {
            throw new SimulationFailedException("the simulated run failed: " + ended.cause());
        }
        return result(plan, measured, time.tasks(), (System.nanoTime() - began) / 1e9);
    }

    private static Supplier<GenerationEngine> engines(
            SimulationPlan plan, VirtualTime time, SplittableRandom random, RolloutMeter meter) {
        return () -> new SimulatedEngine(plan.traits(), PolicyVersion.BASE, time::nanoTime, random.split(), meter);
    }

    private static Supplier<Duration> latency(Duration mean, SplittableRandom random) {
        return () -> Duration.ofNanos((long) (-Math.log(1 - random.nextDouble()) * mean.toNanos()));
    }

    static Behavior<RecorderCommand> recorder(Measurements measured) {
        Consumer<RecorderCommand> listener = command -> {
            switch (command) {
                case RecorderCommand.RecordFact(var fact) -> measured.on(fact);
                case RecorderCommand.Flush(PolicyVersion version, var replyTo) ->
                    replyTo.tell(new RecorderCommand.Flushed(version));
                case RecorderCommand.Internal internal -> throw new IllegalStateException("not of this: " + internal);
            }
        };
        return Behaviors.receiveMessage(command -> {
            listener.accept(command);
            return Behaviors.same();
        });
    }

    private static SimulationResult result(SimulationPlan plan, Measurements measured, long tasks, double realSeconds) {
        Optional<Measurements.Moment> first = measured.first();
        Optional<Measurements.Moment> last = measured.last();
        if (first.isEmpty() || last.isEmpty()) {
            throw new SimulationFailedException(
                    "only %d train steps in %s of virtual time: too few to measure; simulate for longer"
                            .formatted(measured.steps(), plan.duration()));
        }
        return result(plan, first.get(), last.get(), measured, tasks, realSeconds);
    }

    private static SimulationResult result(
            SimulationPlan plan,
            Measurements.Moment first,
            Measurements.Moment last,
            Measurements measured,
            long tasks,
            double realSeconds) {
        double nanos = last.nanos() - first.nanos();
        RolloutMeter.Totals rollout = last.rollout().minus(first.rollout());
        long[] tokens = new long[plan.maxStaleness() + 1];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = last.trainer().tokensByStaleness().get(i)
                    - first.trainer().tokensByStaleness().get(i);
        }
        long trained = Arrays.stream(tokens).sum();
        double weighted = 0;
        for (int i = 0; i < tokens.length; i++) {
            weighted += (double) i * tokens[i];
        }
        List<Double> staleness = Arrays.stream(tokens)
                .mapToObj(count -> (double) count / trained)
                .toList();
        long steps = last.steps() - first.steps();
        long trajectories = last.trajectories() - first.trajectories();
        return new SimulationResult(
                plan.workers(),
                plan.maxStaleness(),
                steps,
                nanos / 1e9,
                trajectories,
                trajectories / (nanos / 1e9),
                trained / (nanos / 1e9),
                nanos / 1e9 / steps,
                1 - (rollout.busyNanos() + rollout.stallNanos()) / (nanos * plan.workers()),
                rollout.stallNanos() / (nanos * plan.workers()),
                rollout.slotNanos() / (nanos * plan.workers() * plan.slots()),
                1 - (last.trainer().busyNanos() - first.trainer().busyNanos()) / nanos,
                staleness,
                weighted / trained,
                wasted(first, last, rollout),
                measured.dropped(),
                rollout.crashes(),
                measured.steps(),
                realSeconds,
                tasks);
    }

    private static SimulationResult.Wasted wasted(
            Measurements.Moment first, Measurements.Moment last, RolloutMeter.Totals rollout) {
        double all = rollout.generated();
        return new SimulationResult.Wasted(
                tokens(first, last, Outcome.STALE) / all,
                rollout.cancelled() / all,
                (tokens(first, last, Outcome.FAILED) + rollout.lost()) / all,
                tokens(first, last, Outcome.FILTERED) / all);
    }

    private static double tokens(Measurements.Moment first, Measurements.Moment last, Outcome outcome) {
        return last.tokens().getOrDefault(outcome, 0L) - (double) first.tokens().getOrDefault(outcome, 0L);
    }
}
