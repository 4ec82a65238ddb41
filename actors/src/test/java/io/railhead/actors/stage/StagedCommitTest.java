package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Commits that become durable while the learner trains.
class StagedCommitTest extends StageFixture {
    /// The commit of v1 is written aside, and the step to v2 is in hand.
    @BeforeEach
    void stage() {
        state = start("checkpoint-every = 1");
        begin(100);
        ready(0, 1, 2, 3);
        step(V1, 0, 1);
        assertThat(effects).hasAtLeastOneElementOfType(StageEffect.CommitCheckpoint.class);
        on(s -> s.onCheckpointStaged(V1, "step-1", NOW));
    }

    @Test
    void theNextStepDoesNotWaitForTheDisk() {
        assertThat(effects).contains(new StageEffect.TrainBatch(V1, ids(2, 3)));
        assertThat(state.committed()).isEmpty();
        assertThat(state.status().waits())
                .extracting(RunStatus.Wait::forWhat)
                .contains("the commit of v1 to become durable");
    }

    @Test
    void oneCommitComesToItsEndBeforeTheNextBegins() {
        ask(V1, 4);
        ready(4, 5);
        step(V2, 2, 3);
        assertThat(effects)
                .doesNotHaveAnyElementsOfTypes(StageEffect.CommitCheckpoint.class, StageEffect.TrainBatch.class);

        on(s -> s.onCheckpointCommitted(V1, "step-1", NOW));
        assertThat(effects).contains(new StageEffect.RecordFact(new RunFact.CheckpointWritten(V1, "step-1")));
        assertThat(effects).hasAtLeastOneElementOfType(StageEffect.CommitCheckpoint.class);
        assertThat(state.committed())
                .hasValueSatisfying(commit -> assertThat(commit.version()).isEqualTo(V1));
    }

    @Test
    void aCommitThatFailsBesideTrainingIsWarnedOfAndTheOneBeforeStands() {
        on(s -> s.onCheckpointFailed(V1, "disk full", NOW));
        assertThat(effects.getFirst().toString())
                .contains("the checkpoint of v1 was not written: disk full; the start stands");
        assertThat(state.staged()).isEmpty();
        step(V2, 2, 3);
        assertThat(effects).hasAtLeastOneElementOfType(StageEffect.CommitCheckpoint.class);
    }

    @Test
    void aRunThatIsStoppedEndsWithItsLastVersionDurable() {
        on(s -> s.onStop(NOW));
        step(V2, 2, 3);
        on(s -> s.onCheckpointCommitted(V1, "step-1", NOW));
        assertThat(state.phase()).isInstanceOf(StageState.RunPhase.Stopping.class);
        on(s -> s.onCheckpointStaged(V2, "step-2", NOW));
        assertThat(state.phase()).isInstanceOf(StageState.RunPhase.Stopping.class);
        on(s -> s.onCheckpointCommitted(V2, "step-2", NOW));
        assertThat(state.phase())
                .isEqualTo(new StageState.RunPhase.Ended(
                        new RunEnded(V2, new LedgerCounts(4, 4, 0, 0, 0, 0), RunEnded.Outcome.STOPPED, "")));
    }

    @Test
    void aLearnerThatIsBackWithTheStagedCommitTakesTheRunToIt() {
        step(V2, 2, 3);
        on(s -> s.onLearnerLost(NOW));
        on(s -> s.onLearnerReady(V1, NOW));
        assertThat(effects).contains(new StageEffect.RecordFact(new RunFact.CheckpointWritten(V1, "step-1")));
        assertThat(state.version()).isEqualTo(V1);
        assertThat(state.ledger().counts().trained()).isEqualTo(2);
    }

    @Test
    void whatALearnerSaysOfACommitAfterItWasLostDoesNotCount() {
        on(s -> s.onLearnerLost(NOW));
        on(s -> s.onLearnerReady(V1, NOW));
        StageState before = state;
        on(s -> s.onCheckpointFailed(V1, "too late", NOW));
        assertThat(state).isEqualTo(before);
    }
}
