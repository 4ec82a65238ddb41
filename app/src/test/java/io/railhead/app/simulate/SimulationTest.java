package io.railhead.app.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.stage.LateLeases;
import io.railhead.actors.stage.LeaseTerms;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SwapMode;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final Duration NEVER = Duration.ZERO;

    /// Without what depends on the machine.
    private static String figures(SimulationResult result) {
        return result.toString().replaceAll("realSeconds=[^,]*", "");
    }

    @Test
    void equalPlansGiveEqualResultsAndOtherSeedsOthers() {
        Duration often = Duration.ofMinutes(40);
        String figures = figures(Simulation.run(Plans.small(3, 7, often)));
        assertThat(figures(Simulation.run(Plans.small(3, 7, often)))).isEqualTo(figures);
        assertThat(figures(Simulation.run(Plans.small(3, 8, often)))).isNotEqualTo(figures);
    }

    @Test
    void asynchronousRunsTrainMoreAndStalerUpToTheBound() {
        SimulationResult synchronous = Simulation.run(Plans.small(0, 1, NEVER));
        SimulationResult asynchronous = Simulation.run(Plans.small(4, 1, NEVER));
        assertThat(synchronous.staleness()).isEqualTo(List.of(1.0));
        assertThat(asynchronous.staleness()).hasSize(5);
        assertThat(asynchronous.staleness().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isCloseTo(1, within(1e-9));
        assertThat(asynchronous.trajectoriesPerSecond()).isGreaterThan(1.5 * synchronous.trajectoriesPerSecond());
        assertThat(asynchronous.rolloutIdle()).isBetween(0.0, synchronous.rolloutIdle());
        assertThat(asynchronous.wasted()).isEqualTo(new SimulationResult.Wasted(0, 0, 0, 0));
    }

    @Test
    void failingDevicesWasteTokensAndTheRunGoesOn() {
        SimulationResult result = Simulation.run(Plans.small(3, 2, Duration.ofMinutes(10)));
        assertThat(result.deviceFailures()).isPositive();
        assertThat(result.wasted().failed()).isBetween(0.001, 0.5);
        assertThat(result.steps()).isGreaterThan(5);
    }

    @Test
    void whatIsDroppedForBeingLateIsLongerThanWhatIsTrained() {
        SimulationResult paced = Simulation.run(Plans.small(2, 1, NEVER, LateLeases.PACE));
        assertThat(paced.dropped().dropped()).isZero();
        assertThat(paced.dropped().trained()).isPositive();
        DroppedByLength dropped =
                Simulation.run(Plans.small(2, 1, NEVER, LateLeases.DISCARD)).dropped();
        assertThat(dropped.dropped()).isPositive();
        assertThat(dropped.meanDropped()).isGreaterThan(1.2 * dropped.meanTrained());
        List<DroppedByLength.Quarter> groups = dropped.groups();
        assertThat(groups.getLast().share()).isGreaterThan(2 * groups.getFirst().share());
        assertThat(groups.stream().mapToLong(DroppedByLength.Quarter::all).sum())
                .isEqualTo(dropped.trained() + dropped.dropped());
        assertThat(dropped.responses().stream()
                        .mapToLong(DroppedByLength.Quarter::dropped)
                        .sum())
                .isEqualTo(4 * dropped.dropped());
    }

    @Test
    void aDeviceMakesResponsesOfTheIntendedLength() {
        SimulationPlan plan = Plans.small(0, 5, NEVER);
        LeaseId lease = new LeaseId(17);
        AtomicLong now = new AtomicLong();
        SimulatedEngine engine = new SimulatedEngine(
                plan.traits(), PolicyVersion.BASE, now::get, new SplittableRandom(1), new RolloutMeter());
        engine.submit(new GenerationRequest(
                "r",
                new Prompt("p", "simulated", List.of()),
                List.of(0, 1, 2, 3),
                plan.stageSettings().sampling(),
                LeaseTerms.seed(plan.seed(), lease)));
        now.set(Duration.ofHours(1).toNanos());
        int[] intended = IntendedLengths.of(plan).of(lease);
        assertThat(engine.step())
                .hasSize(4)
                .allSatisfy(done -> assertThat(done.response().size())
                        .isEqualTo((intended[done.sampleIndex()] + plan.grain() - 1) / plan.grain()));
    }

    /// Where nothing is random the schedule can be counted by hand.
    @Test
    void aScheduleWithoutChanceTakesTheTimeThatItMust() {
        SimulationPlan plan = new SimulationPlan(
                2,
                4,
                false,
                0,
                4,
                2,
                0,
                LateLeases.PACE,
                1_000,
                Duration.ofHours(1),
                1,
                new Lengths.Given(List.of(1000)),
                1000,
                100,
                new DeviceModel(10e6, 0, 0, 100),
                new TrainerModel(1000, 500_000_000L, 0),
                8,
                Duration.ZERO,
                Duration.ofSeconds(3),
                SwapMode.KEEP_CACHE,
                Duration.ofSeconds(1),
                NEVER,
                Duration.ZERO,
                Duration.ofSeconds(20),
                Duration.ofHours(1),
                1_000_000,
                0.5,
                1);
        SimulationResult result = Simulation.run(plan);
        // prefill 1 s, 1000 steps of 10 ms; 2 * (4 * 1000 + 100) tokens at 1000/s and 0.5 s; 3 s transfer; 1 s swap
        assertThat(result.secondsPerStep()).isCloseTo(1 + 10 + 8.2 + 0.5 + 3 + 1, within(1e-6));
        assertThat(result.learnerIdle()).isCloseTo(1 - 8.7 / 23.7, within(1e-6));
        assertThat(result.rolloutIdle()).isCloseTo(1 - 12.0 / 23.7, within(1e-6));
        assertThat(result.slotsInUse()).isCloseTo(10.0 / 23.7, within(1e-6));
    }

    @Test
    void tooShortASimulationSaysSo() {
        SimulationPlan plan = Plans.small(4, 1, NEVER);
        assertThatThrownBy(() -> Simulation.run(new SimulationPlan(
                        plan.workers(),
                        plan.slots(),
                        plan.together(),
                        plan.queueAhead(),
                        plan.groupSize(),
                        plan.groupsPerStep(),
                        plan.maxStaleness(),
                        plan.lateLeases(),
                        plan.maxSteps(),
                        Duration.ofSeconds(10),
                        plan.seed(),
                        plan.lengths(),
                        plan.maxTokens(),
                        plan.promptTokens(),
                        plan.device(),
                        plan.trainer(),
                        plan.rewardWorkers(),
                        plan.rewardLatency(),
                        plan.transfer(),
                        plan.swapMode(),
                        plan.swap(),
                        plan.meanTimeToFailure(),
                        plan.restart(),
                        plan.heartbeat(),
                        plan.leaseTimeout(),
                        plan.checkpointEvery(),
                        plan.correctShare(),
                        plan.grain())))
                .isInstanceOf(SimulationFailedException.class)
                .hasMessageContaining("0 train steps in PT10S");
    }
}
