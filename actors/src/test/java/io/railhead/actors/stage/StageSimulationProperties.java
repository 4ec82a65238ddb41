package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.StageCommand.RunEnded;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Whole runs of the rules. [SimulatedRun] checks the invariants after every event; a failing case prints its
/// arguments.
class StageSimulationProperties {
    private static final SimulatedRun.Faults FAULTS = new SimulatedRun.Faults(0.03, 0.05, 0.02, 0.05, 0.02, 150);
    private static final List<PromptRef> TWENTY = Prompts.of(20, "a", "b").catalogue();

    @Property(tries = 150)
    void everyRunFinishesAndKeepsItsInvariantsWhateverIsLost(
            @ForAll long seed,
            @ForAll @IntRange(max = 3) int maxStaleness,
            @ForAll @IntRange(min = 1, max = 4) int groupsPerStep,
            @ForAll @IntRange(min = 1, max = 4) int workers,
            @ForAll LateLeases lateLeases,
            @ForAll boolean closedLoop) {
        StageSettings settings = unreliable(maxStaleness, groupsPerStep, lateLeases, closedLoop);
        SimulatedRun run = new SimulatedRun(settings, Prompts.of(50, "a", "b").catalogue(), FAULTS, seed);

        RunEnded end = run.run(workers);

        assertThat(end.outcome()).as(end.cause()).isEqualTo(RunEnded.Outcome.FINISHED);
        assertThat(end.ledger().inFlight()).isZero();
        assertThat(run.steps()).hasSize(6);
    }

    @Property(tries = 60)
    void withoutStalenessWhatIsTrainedDoesNotDependOnTheSchedule(
            @ForAll long seedA, @ForAll long seedB, @ForAll @IntRange(min = 1, max = 4) int groupsPerStep) {
        StageSettings settings = synchronous(groupsPerStep);
        var restless = new SimulatedRun.Faults(0.03, 0.05, 0.02, 0.05, 0, 150);
        SimulatedRun calm = new SimulatedRun(settings, TWENTY, SimulatedRun.Faults.NONE, seedA);
        SimulatedRun rough = new SimulatedRun(settings, TWENTY, restless, seedB);

        RunEnded calmEnd = calm.run(1);
        RunEnded roughEnd = rough.run(3);

        assertThat(roughEnd).isEqualTo(calmEnd);
        assertThat(calmEnd.cause()).isEmpty();
        assertThat(rough.steps()).isEqualTo(calm.steps());
        assertThat(rough.promptOf()).isEqualTo(calm.promptOf());
        assertThat(rough.state().snapshot()).isEqualTo(calm.state().snapshot());
    }

    @Property(tries = 60)
    void withoutStalenessAStoppedAndResumedRunTrainsWhatTheUnbrokenOneTrains(
            @ForAll long seedA,
            @ForAll long seedB,
            @ForAll @IntRange(max = 12_000) int stopAfter,
            @ForAll @IntRange(min = 1, max = 4) int groupsPerStep) {
        StageSettings settings = synchronous(groupsPerStep);
        SimulatedRun unbroken = new SimulatedRun(settings, TWENTY, SimulatedRun.Faults.NONE, seedA);
        SimulatedRun broken = new SimulatedRun(settings, TWENTY, SimulatedRun.Faults.NONE, seedB);

        RunEnded end = unbroken.run(1);
        RunEnded first = broken.stopAfter(stopAfter).run(2);
        if (broken.state().committed().isEmpty()) {
            return; // stopped before there was a learner
        }
        SimulatedRun resumed = broken.resumed(TWENTY, seedA + 1);
        RunEnded second = resumed.run(2);

        assertThat(first.outcome()).isNotEqualTo(RunEnded.Outcome.FAILED);
        assertThat(second).isEqualTo(end);
        assertThat(resumed.steps()).isEqualTo(unbroken.steps());
        assertThat(resumed.state().snapshot()).isEqualTo(unbroken.state().snapshot());
    }

    @Example
    void theFaultsReallyHappen() {
        Map<String, Integer> happened = new TreeMap<>();
        for (long seed = 0; seed < 40; seed++) {
            SimulatedRun run = new SimulatedRun(unreliable(1, 3, LateLeases.DISCARD, false), TWENTY, FAULTS, seed);
            run.run(3);
            run.happened().forEach((what, times) -> happened.merge(what, times, Integer::sum));
        }

        assertThat(happened)
                .containsOnlyKeys("granted again", "gone back", "TRAINED", "FILTERED", "STALE", "FAILED")
                .allSatisfy((what, times) -> assertThat(times).as(what).isGreaterThan(3));
    }

    private static StageSettings unreliable(
            int maxStaleness, int groupsPerStep, LateLeases lateLeases, boolean closedLoop) {
        return Settings.of(
                "steps = 6",
                "groups-per-step = " + groupsPerStep,
                "group-size = 3",
                "max-staleness = " + maxStaleness,
                "late-leases = " + lateLeases.name().toLowerCase(Locale.ROOT),
                "lease-timeout = 2s",
                "max-attempts = 2",
                "checkpoint-every = 2",
                "closed-loop { enabled = " + closedLoop + ", patience = 1 }");
    }

    private static StageSettings synchronous(int groupsPerStep) {
        return Settings.of(
                "steps = 5",
                "groups-per-step = " + groupsPerStep,
                "group-size = 3",
                "max-staleness = 0",
                "lease-timeout = 2s",
                "max-attempts = 1000",
                "checkpoint-every = 2",
                "closed-loop { enabled = true, patience = 2 }",
                "curriculum.stages = [",
                "  { name = first, kinds = [a], advance = { rule = mastery, threshold = 0.4, min-groups = 3 } }",
                "  { name = last, kinds = [b], rehearsal = 0.2, advance = { rule = unbounded } } ]");
    }
}
