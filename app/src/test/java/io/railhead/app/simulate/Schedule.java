package io.railhead.app.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.stage.Curriculum;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.virtual.Order;
import io.railhead.actors.virtual.VirtualSystem;
import io.railhead.actors.virtual.VirtualTime;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SwapMode;
import io.railhead.reward.RewardSettings;
import io.railhead.rollout.RolloutSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// One run of a few train steps under one schedule: who goes next, what is lost, late, doubled, frozen or crashes, all
/// by the seed. The invariants are asserted as each fact is recorded and each message reaches the controller, and at
/// the end that the run came to its end.
final class Schedule {
    private static final Config DEFAULTS = ConfigFactory.defaultReference();
    private static final int WORKERS = 3;
    private static final int STEPS = 4;
    private static final int GROUP_SIZE = 2;
    private static final int GROUPS_PER_STEP = 2;
    private static final Duration FAULTS = Duration.ofSeconds(12);
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final int maxStaleness;
    private final StageSettings stage;
    private final VirtualTime time;
    private final SplittableRandom random;
    private final AtomicReference<RunEnded> end = new AtomicReference<>();

    private final Set<LeaseId> issued = new HashSet<>();
    private final Set<LeaseId> ended = new HashSet<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<String, PolicyVersion> serving = new HashMap<>();
    private final List<List<LeaseId>> trained = new ArrayList<>();
    private final Map<LeaseId, String> prompts = new HashMap<>();
    private PolicyVersion version = PolicyVersion.BASE;
    private Optional<String> broken = Optional.empty(); // the first invariant that was
    private int learners;

    private Schedule(long seed) {
        this.random = new SplittableRandom(seed);
        this.maxStaleness = random.nextInt(4);
        this.time = VirtualTime.startingAt(Instant.EPOCH, Order.seeded(random.nextLong()));
        this.stage = StageSettings.from(config(
                "stage",
                Map.of(
                        "steps",
                        STEPS,
                        "groups-per-step",
                        GROUPS_PER_STEP,
                        "group-size",
                        GROUP_SIZE,
                        "max-staleness",
                        maxStaleness,
                        "late-leases",
                        random.nextBoolean() ? "pace" : "discard",
                        "filter-zero-variance",
                        false,
                        "lease-timeout",
                        "30s",
                        "max-attempts",
                        1000,
                        "checkpoint-every",
                        2,
                        "curriculum.preset",
                        "flat")));
    }

    /// @throws AssertionError if an invariant is broken
    static void run(long seed) {
        new Schedule(seed).run();
    }

    private static Config config(String area, Map<String, Object> keys) {
        return ConfigFactory.parseMap(keys).atPath("railhead." + area).withFallback(DEFAULTS);
    }

    private void run() {
        TrainerMeter trained = new TrainerMeter(maxStaleness);
        RolloutMeter rollout = new RolloutMeter();
        SimulatedEngine.Traits traits = new SimulatedEngine.Traits(
                new DeviceModel(50e6, 0, 0, 1000),
                new Lengths.LogNormal(20, 0.8, 100),
                3,
                random.nextBoolean(),
                10,
                1,
                List.of(SwapMode.KEEP_CACHE, SwapMode.RECOMPUTE, SwapMode.DRAIN).get(random.nextInt(3)),
                50_000_000,
                random.nextInt(2) == 0 ? 0 : 20e9,
                0.5);
        SimulatedRun.Parts parts = new SimulatedRun.Parts(
                stage,
                RolloutSettings.from(config("rollout", Map.of("queue-ahead", 1, "max-crashes-in-row", 1000))),
                RewardSettings.from(config("reward", Map.of("workers", 2))),
                new SimulatedPrompts(),
                WORKERS,
                _ -> {
                    SplittableRandom failures = random.split();
                    return () ->
                            new SimulatedEngine(traits, PolicyVersion.BASE, time::nanoTime, failures.split(), rollout);
                },
                parent -> SimulatedTrainer.create(
                        new TrainerModel(1000, 200_000_000, 100_000_000), 10, 1, time, trained, parent),
                new SimulatedReward(),
                () -> Duration.ofMillis(random.nextInt(200)),
                () -> Duration.ofMillis(random.nextInt(500)),
                Optional.of(Duration.ofSeconds(2)),
                recorder(),
                end::set,
                new FaultyHops(
                        time,
                        random.split(),
                        WORKERS,
                        SimulatedTrainer.LOADING.plus(FAULTS),
                        this::sent,
                        serving::remove));
        try (VirtualSystem<Void> system = VirtualSystem.create(SimulatedRun.create(parts, time), DEFAULTS, time)) {
            system.runUntil(() -> end.get() != null || broken.isPresent(), PATIENCE);
        }
        endsWell();
    }

    private void endsWell() {
        assertThat(broken).as("invariants").isEmpty();
        assertThat(end.get()).as("the run ends within " + PATIENCE).isNotNull();
        assertThat(end.get().outcome()).as(end.get().cause()).isEqualTo(RunEnded.Outcome.FINISHED);
        assertThat(end.get().version()).isEqualTo(new PolicyVersion(STEPS));
        assertThat(learners).as("lives of the learner").isEqualTo(1);
        if (maxStaleness == 0) {
            assertThat(trained).isEqualTo(ofReferenceLoop());
        }
    }

    /// What the synchronous loop trains: the groups in the order in which they are drawn, of these prompts.
    private List<List<LeaseId>> ofReferenceLoop() {
        Curriculum curriculum = Curriculum.of(stage.curriculum(), new SimulatedPrompts().catalogue(), stage.seed());
        List<List<LeaseId>> steps = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            List<LeaseId> batch = LongStream.range((long) step * GROUPS_PER_STEP, (step + 1L) * GROUPS_PER_STEP)
                    .mapToObj(LeaseId::new)
                    .toList();
            for (LeaseId lease : batch) {
                Curriculum.Draw draw = curriculum.draw(lease.ordinal());
                curriculum = draw.next();
                assertThat(prompts.get(lease)).isEqualTo(draw.promptId());
            }
            steps.add(batch);
        }
        return steps;
    }

    private Behavior<RecorderCommand> recorder() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case RecorderCommand.RecordFact(RunFact fact) -> on(fact);
                case RecorderCommand.Flush(PolicyVersion at, var replyTo) ->
                    replyTo.tell(new RecorderCommand.Flushed(at));
                case RecorderCommand.Internal internal -> throw new IllegalStateException("not of this: " + internal);
            }
            return Behaviors.same();
        });
    }

    private void on(RunFact fact) {
        switch (fact) {
            case RunFact.LeaseIssued lease -> {
                issued.add(lease.lease());
                prompts.put(lease.lease(), lease.promptId());
                must(!ended.contains(lease.lease()), "a lease that has ended is issued: " + lease);
                must(
                        issued.size() - ended.size() <= stage.staleness().capacity() + GROUPS_PER_STEP,
                        "more leases are open than the bound allows: " + (issued.size() - ended.size()));
            }
            case RunFact.LeaseEnded lease -> must(ended.add(lease.lease()), "a lease ends twice: " + lease);
            case RunFact.TrajectoryTaken(var trajectory) -> {
                String sample = trajectory.rollout().lease() + "/"
                        + trajectory.rollout().sampleIndex();
                must(taken.add(sample), "a sample counts twice: " + sample);
            }
            case RunFact.StepFinished step -> {
                must(step.version().equals(version.next()), step.version() + " after " + version);
                version = step.version();
                trained.add(step.trained());
                must(step.trained().size() == GROUPS_PER_STEP, "a step of " + step.trained());
                for (LeaseId lease : step.trained()) {
                    must(ended.contains(lease), lease + " is trained and has not ended");
                    for (int i = 0; i < GROUP_SIZE; i++) {
                        must(taken.contains(lease + "/" + i), lease + " is trained without sample " + i);
                    }
                }
                must(step.ledger().issued() == issued.size(), "the ledger has lost count: " + step.ledger());
                must(step.ledger().inFlight() == issued.size() - ended.size(), "in flight: " + step.ledger());
            }
            case RunFact.CheckpointWritten _,
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

    /// What is sent to the controller, before anything befalls it.
    private void sent(StageCommand command) {
        if (command instanceof StageCommand.LearnerReady) {
            learners++;
        } else if (command instanceof StageCommand.RequestLeases request) {
            PolicyVersion before = serving.put(request.workerId(), request.serving());
            must(
                    before == null || before.compareTo(request.serving()) <= 0,
                    "%s serves %s after %s".formatted(request.workerId(), request.serving(), before));
        }
    }

    /// An actor's supervisor would contain an error, so it is kept for the pump.
    private void must(boolean holds, String otherwise) {
        if (!holds && broken.isEmpty()) {
            broken = Optional.of(otherwise);
        }
    }
}
