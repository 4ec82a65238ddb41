package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.protocol.Trouble;
import io.railhead.policy.PolicyVersion;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The rules one by one.
class StageStateTest extends StageFixture {
    @Test
    void whatTheLearnerLeavesOutForTroubleFailsWithoutCountingAsAFailureToGetSamples() {
        state = start("max-consecutive-failures = 1");
        begin(100);
        ready(0, 1);
        Trouble trouble = new Trouble("not-finite-loss", "skip", "the loss is NaN", "troubles/x.jsonl");
        on(s -> s.onStepCommitted(V1, ids(1), Map.of(), List.of(trouble), NOW));

        LedgerCounts counts = state.ledger().counts();
        assertThat(counts.trained()).isEqualTo(1);
        assertThat(counts.failed()).isEqualTo(1);
        assertThat(state.phase()).isInstanceOf(StageState.RunPhase.Running.class);
        assertThat(effects.stream()
                        .filter(StageEffect.RecordFact.class::isInstance)
                        .map(effect -> ((StageEffect.RecordFact) effect).fact())
                        .limit(3))
                .containsExactly(
                        new RunFact.TroubleFound(V1, ids(0, 1), trouble),
                        new RunFact.LeaseEnded(
                                new LeaseId(0),
                                RunFact.LeaseEnded.Outcome.FAILED,
                                V1,
                                "the learner left it out of the step to v1"),
                        new RunFact.LeaseEnded(new LeaseId(1), RunFact.LeaseEnded.Outcome.TRAINED, V1, ""));
    }

    @Test
    void aStepThatIsRefusedFailsTheRun() {
        begin(100);
        ready(0, 1);
        Trouble trouble = new Trouble("not-finite-loss", "fail", "the loss is NaN", "");
        on(s -> s.onStepRefused(V0, "the step to v1: NaN", List.of(trouble), NOW));

        assertThat(effects)
                .contains(new StageEffect.RecordFact(new RunFact.TroubleFound(V1, ids(0, 1), trouble)))
                .endsWith(new StageEffect.EndRun(
                        new RunEnded(V0, state.ledger().counts(), RunEnded.Outcome.FAILED, "the step to v1: NaN")));
    }

    @Test
    void grantsUpToTheCapacityOfTheStalenessBound() {
        begin(100);

        assertThat(granted()).isEqualTo(ids(0, 1, 2, 3)); // (1 + 1) versions of 2 groups
    }

    @Test
    void grantsNoMoreThanTheWorkerCanTake() {
        begin(3);

        assertThat(granted()).isEqualTo(ids(0, 1, 2));
    }

    @Test
    void backlogIsWhatAWorkerWithRoomWouldBeGiven() {
        begin(3);
        assertThat(state.status().demand()).isEqualTo(new RunStatus.Demand(1, 3, 0, 0));
        ready(0);
        assertThat(state.status().demand()).isEqualTo(new RunStatus.Demand(1, 2, 1, 0));

        ask(V0, 100);

        assertThat(granted()).isEqualTo(ids(3));
        assertThat(state.status().demand()).isEqualTo(new RunStatus.Demand(0, 3, 1, 99));
    }

    @Test
    void aLeaseToBeGrantedAgainIsBacklog() {
        begin(3);
        on(s -> s.onWorkerLost("w", NOW));

        assertThat(state.status().demand()).isEqualTo(new RunStatus.Demand(4, 0, 0, 0));
    }

    @Test
    void grantsNothingToAWorkerThatIsTooFarBehind() {
        begin(4);
        ready(0, 1);
        step(V1, 0, 1);
        ready(2, 3);
        step(V2, 2, 3);

        ask(V0, 4);
        assertThat(granted()).isEmpty();
        ask(V1, 4);
        assertThat(granted()).isEqualTo(ids(4, 5)); // its tokens fit the step from v2 only
    }

    @Test
    void grantsNothingToAWorkerThatServesAVersionTheLearnerHasNotReported() {
        on(s -> s.onLearnerReady(V0, NOW));
        ask(V1, 4);

        assertThat(granted()).isEmpty();
    }

    @Test
    void trainsTheOldestDeadlinesFirstInLeaseOrder() {
        begin(2);
        ready(0, 1);
        step(V1, 0, 1);
        ask(V1, 1); // lease 2 lasts until v2
        ask(V0, 2); // leases 3 and 4 until v1
        assertThat(open()).isEqualTo(ids(2, 3, 4));

        ready(2, 4);

        assertThat(effects).isEmpty(); // lease 3 would be too late after a step of 2 and 4
        ready(3);
        assertThat(effects).contains(new StageEffect.TrainBatch(V1, ids(3, 4)));
    }

    @Test
    void discardTrainsAtOnceAndEndsWhatIsTooLate() {
        state = start("late-leases = discard");
        begin(2);
        ready(0, 1);
        step(V1, 0, 1);
        ask(V1, 1);
        ask(V0, 2);

        ready(2, 4);

        assertThat(effects)
                .contains(
                        new StageEffect.TrainBatch(V1, ids(2, 4)),
                        new StageEffect.DropGroups(ids(3)),
                        new StageEffect.Revoke("w", ids(3)));
        assertThat(state.ledger().counts()).isEqualTo(new LedgerCounts(5, 2, 0, 1, 0, 2));
    }

    @Test
    void endsGroupsWithoutVarianceAsFilteredAndRefills() {
        begin(100);

        on(s -> s.onGroupReady(new LeaseId(1), V0, true, 1, NOW));

        assertThat(state.ledger().counts()).isEqualTo(new LedgerCounts(5, 0, 1, 0, 0, 4));
        assertThat(effects).contains(new StageEffect.DropGroups(ids(1)));
        assertThat(granted()).isEqualTo(ids(4));
    }

    @Test
    void wavesWaitForEveryOpenGroupBeforeTheyAreRefilled() {
        state = start("max-staleness = 0");
        begin(1);
        assertThat(granted()).isEqualTo(ids(0, 1)); // whole, although one sample is free

        ask(V0, 1);
        on(s -> s.onGroupReady(new LeaseId(1), V0, true, 1, NOW));
        assertThat(effects).isEmpty();

        ready(0);
        assertThat(granted()).isEqualTo(ids(2));
    }

    /// Or the worker that is first to have the new weights would get the whole wave.
    @Test
    void aWaveWaitsForWorkersThatAreFreeAndLagBehindButNotForLong() {
        state = start("max-staleness = 0", "worker-silence = 6s");
        begin(2);
        on(s -> s.onRequestLeases("other", V0, 2, NOW));
        ready(0, 1);
        step(V1, 0, 1);

        ask(V1, 2);
        assertThat(granted()).isEmpty();
        on(s -> s.onRequestLeases("other", V1, 2, NOW));
        assertThat(granted()).isEqualTo(ids(2, 3));

        ready(2, 3);
        step(V2, 2, 3);
        ask(V2, 2);
        on(s -> s.onRequestLeases("w", V2, 2, NOW.plusSeconds(5)));
        on(s -> s.onTick(NOW.plusSeconds(5)));
        assertThat(granted()).isEmpty();
        on(s -> s.onTick(NOW.plusSeconds(6)));
        assertThat(granted()).isEqualTo(ids(4, 5));
    }

    @Test
    void aRequestThatIsRepeatedChangesNothingButItsTime() {
        begin(1);
        ask(V0, 7);
        StageState before = state;
        on(s -> s.onRequestLeases("w", V0, 7, NOW.plusSeconds(1)));
        assertThat(effects).isEmpty();
        assertThat(state.ledger()).isEqualTo(before.ledger());
        assertThat(state.workers().all()).containsEntry("w", new StageState.Worker(V0, 7, NOW.plusSeconds(1)));
    }

    @Test
    void asksForNoBatchWhileACommitIsPending() {
        state = start("checkpoint-every = 1");
        begin(100);
        ready(0, 1, 2, 3);

        step(V1, 0, 1);

        assertThat(effects).hasAtLeastOneElementOfType(StageEffect.CommitCheckpoint.class);
        assertThat(effects).doesNotHaveAnyElementsOfTypes(StageEffect.TrainBatch.class);
        on(s -> s.onCheckpointCommitted(V1, "step-1", NOW));
        assertThat(effects)
                .contains(
                        new StageEffect.RecordFact(new RunFact.CheckpointWritten(V1, "step-1")),
                        new StageEffect.TrainBatch(V1, ids(2, 3)));
    }

    @Test
    void aCheckpointThatFailsIsWarnedOfAndTheRunGoesOn() {
        state = start("checkpoint-every = 1");
        begin(100);
        ready(0, 1, 2, 3);
        step(V1, 0, 1);

        on(s -> s.onCheckpointFailed(V1, "disk full", NOW));

        assertThat(effects)
                .contains(
                        new StageEffect.Warn(
                                "the checkpoint of v1 was not written: disk full; the start stands, try 1 of 3"),
                        new StageEffect.TrainBatch(V1, ids(2, 3)));
    }

    @Test
    void checkpointsThatFailInARowEndTheRun() {
        state = start("checkpoint-every = 1", "max-failed-checkpoints = 2", "steps = 9");
        begin(100);
        ready(0, 1, 2, 3);
        step(V1, 0, 1);
        on(s -> s.onCheckpointFailed(V1, "disk full", NOW));
        step(new PolicyVersion(2), 2, 3);

        on(s -> s.onCheckpointFailed(new PolicyVersion(2), "disk full", NOW));

        assertThat(effects)
                .filteredOn(StageEffect.EndRun.class::isInstance)
                .singleElement()
                .isEqualTo(new StageEffect.EndRun(new RunEnded(
                        new PolicyVersion(2),
                        state.ledger().counts(),
                        RunEnded.Outcome.FAILED,
                        "2 checkpoints in a row were not written, the last one: disk full; go on from the start")));
    }

    @Test
    void aRunWhoseLastCheckpointFailsHasFailed() {
        state = start("steps = 1");
        begin(100);
        ready(0, 1);
        step(V1, 0, 1);

        on(s -> s.onCheckpointFailed(V1, "disk full", NOW));

        assertThat(effects)
                .contains(new StageEffect.EndRun(new RunEnded(
                        V1,
                        new LedgerCounts(2, 2, 0, 0, 0, 0),
                        RunEnded.Outcome.FAILED,
                        "the last checkpoint was not written: disk full")));
    }

    @Test
    void issuesNoMoreThanTheStepsThatAreLeftCanUse() {
        state = start("steps = 1");
        begin(100);

        assertThat(granted()).isEqualTo(ids(0, 1));
    }

    @Test
    void stopFinishesTheStepInHandFirst() {
        begin(100);
        ready(0, 1);

        on(s -> s.onStop(NOW));
        assertThat(effects).isEmpty();
        step(V1, 0, 1);
        assertThat(granted()).isEmpty();
        assertThat(effects).hasAtLeastOneElementOfType(StageEffect.CommitCheckpoint.class);
        on(s -> s.onCheckpointCommitted(V1, "step-1", NOW));

        assertThat(state.phase())
                .isEqualTo(new StageState.RunPhase.Ended(
                        new RunEnded(V1, new LedgerCounts(4, 2, 0, 0, 0, 2), RunEnded.Outcome.STOPPED, "")));
    }

    @Test
    void aLearnerThatRestartsGetsEveryOpenGroupAgain() {
        begin(100);
        ready(0, 1); // training

        on(s -> s.onLearnerReady(V0, NOW));

        assertThat(effects).contains(new StageEffect.Revoke("w", ids(2, 3)));
        assertThat(granted()).isEqualTo(ids(0, 1, 2, 3));
        step(V1, 0, 1); // of its former life
        assertThat(state.version()).isEqualTo(V0);
    }

    @Test
    void aLearnerThatRestartsAtItsCommitTakesTheRunBackToIt() {
        state = start("checkpoint-every = 1");
        begin(100);
        ready(0, 1, 2, 3);
        step(V1, 0, 1);
        on(s -> s.onCheckpointCommitted(V1, "step-1", NOW));
        step(V2, 2, 3);
        assertThat(state.ledger().counts().trained()).isEqualTo(4);

        on(s -> s.onLearnerReady(V1, NOW));

        assertThat(state.version()).isEqualTo(V1);
        assertThat(state.ledger().counts()).isEqualTo(new LedgerCounts(6, 2, 0, 0, 0, 4));
        assertThat(open()).isEqualTo(ids(2, 3, 4, 5)); // 2 and 3 were open in the commit, 4 and 5 are new
        assertThat(state.ledger().lease(new LeaseId(2)).orElseThrow().attempt()).isEqualTo(2);
    }

    @Test
    void aLearnerAtAnotherVersionEndsTheRun() {
        on(s -> s.onLearnerReady(V2, NOW));

        assertThat(effects)
                .containsExactly(new StageEffect.EndRun(new RunEnded(
                        V0,
                        LedgerCounts.ZERO,
                        RunEnded.Outcome.FAILED,
                        "the learner started at v2, but the run is at v0")));
    }

    @Test
    void aRunInWhichNothingComesForwardFailsAndSaysWhoWaits() {
        on(s -> s.onTick(NOW.plusSeconds(61)));

        assertThat(state.phase()).isInstanceOf(StageState.RunPhase.Ended.class);
        assertThat(effects.getLast().toString()).contains("nothing came forward for PT1M1S", "a learner at v0");
    }

    @Test
    void aRunInWhichEveryGroupIsFilteredFailsAndNamesTheStage() {
        state = start("max-filtered-in-a-row = 3");
        begin(100);
        for (long lease = 0; lease < 3; lease++) {
            LeaseId id = new LeaseId(lease);
            on(s -> s.onGroupReady(id, V0, true, 1, NOW));
        }

        assertThat(effects.getLast().toString())
                .contains("3 groups in a row had equal rewards in stage flat: there is nothing left to learn");
    }

    @Test
    void aSampleOfALeaseThatIsOverIsDroppedAtTheLearner() {
        begin(100);

        on(s -> s.onSampleArrived(new LeaseId(99), 0, V0, NOW));

        assertThat(effects).containsExactly(new StageEffect.DropGroups(ids(99)));
    }

    @Test
    void theSeedOfALeaseIsAFunctionOfRunAndIdOnly() {
        begin(4);
        long seed = seedOfFirst();
        on(s -> s.onWorkerLost("w", NOW));
        ask(V0, 4);

        assertThat(seedOfFirst()).isEqualTo(seed).isEqualTo(Mix.of(1, 0));
    }

    @Test
    void aWorkerThatFallsSilentLosesItsLeasesWithoutAStrikeAndMayComeBack() {
        begin(100);
        ask(V0, 4);
        LeaseEntry held = state.ledger().leases().iterator().next();

        on(s -> s.onTick(NOW.plusSeconds(5)));
        assertThat(state.ledger().lease(held.id())).hasValue(held);

        on(s -> s.onTick(NOW.plusSeconds(6)));
        LeaseEntry again = state.ledger().lease(held.id()).orElseThrow();
        assertThat(again.isWaiting()).isTrue();
        assertThat(again.strikes()).isZero();
        assertThat(again.attempt()).isEqualTo(held.attempt() + 1);
        assertThat(state.workers().all()).isEmpty();

        on(s -> s.onRequestLeases("w", V0, 4, NOW.plusSeconds(30)));
        assertThat(state.workers().all()).containsOnlyKeys("w");
    }

    private long seedOfFirst() {
        return effects.stream()
                .filter(StageEffect.Grant.class::isInstance)
                .map(effect -> ((StageEffect.Grant) effect).leases().getFirst().seed())
                .findFirst()
                .orElseThrow();
    }
}
