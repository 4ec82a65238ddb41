package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.StageCommand.RunEnded;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Whole runs of the rules. [SimulatedRun] checks the invariants after every event; a failing case prints its
/// arguments.
class StageSimulationProperties {
    private static final SimulatedRun.Faults FAULTS = new SimulatedRun.Faults(0.03, 0.05, 0.02, 0.05, 0.01, 150);

    @Property(tries = 150)
    void everyRunFinishesAndKeepsItsInvariantsWhateverIsLost(
            @ForAll long seed,
            @ForAll @IntRange(max = 3) int maxStaleness,
            @ForAll @IntRange(min = 1, max = 4) int groupsPerStep,
            @ForAll @IntRange(min = 1, max = 4) int workers,
            @ForAll LateLeases lateLeases) {
        StageSettings settings = Settings.of(
                "steps = 6",
                "groups-per-step = " + groupsPerStep,
                "group-size = 3",
                "max-staleness = " + maxStaleness,
                "late-leases = " + lateLeases.name().toLowerCase(java.util.Locale.ROOT),
                "lease-timeout = 2s",
                "max-attempts = 4",
                "checkpoint-every = 2");
        SimulatedRun run = new SimulatedRun(settings, Prompts.of(50, "a", "b").catalogue(), FAULTS, seed);

        RunEnded end = run.run(workers);

        assertThat(end.outcome()).as(end.cause()).isEqualTo(RunEnded.Outcome.FINISHED);
        assertThat(end.ledger().inFlight()).isZero();
        assertThat(run.steps()).hasSize(6);
    }

    @Property(tries = 60)
    void withoutStalenessWhatIsTrainedDoesNotDependOnTheSchedule(
            @ForAll long seedA, @ForAll long seedB, @ForAll @IntRange(min = 1, max = 4) int groupsPerStep) {
        StageSettings settings = Settings.of(
                "steps = 5",
                "groups-per-step = " + groupsPerStep,
                "group-size = 3",
                "max-staleness = 0",
                "lease-timeout = 2s",
                "max-attempts = 1000",
                "checkpoint-every = 2",
                "curriculum.stages = [",
                "  { name = first, kinds = [a], advance = { rule = mastery, threshold = 0.4, min-groups = 3 } }",
                "  { name = last, kinds = [b], rehearsal = 0.2, advance = { rule = unbounded } } ]");
        List<PromptRef> catalogue = Prompts.of(20, "a", "b").catalogue();
        var restless = new SimulatedRun.Faults(0.03, 0.05, 0.02, 0.05, 0, 150);
        SimulatedRun calm = new SimulatedRun(settings, catalogue, SimulatedRun.Faults.NONE, seedA);
        SimulatedRun rough = new SimulatedRun(settings, catalogue, restless, seedB);

        RunEnded calmEnd = calm.run(1);
        RunEnded roughEnd = rough.run(3);

        assertThat(roughEnd).isEqualTo(calmEnd);
        assertThat(calmEnd.cause()).isEmpty();
        assertThat(rough.steps()).isEqualTo(calm.steps());
        assertThat(rough.promptOf()).isEqualTo(calm.promptOf());
        assertThat(rough.state().snapshot()).isEqualTo(calm.state().snapshot());
    }
}
