package io.railhead.actors.stage;

import io.railhead.actors.protocol.RunFact.LeaseEnded.Outcome;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.stage.LeaseEntry.Phase;
import io.railhead.actors.stage.StageState.LearnerPhase;
import io.railhead.actors.stage.StageState.RunPhase;
import java.util.List;

/// The rules that follow every event, in their order. See [StageState].
final class Rules {
    private final Draft draft;

    Rules(Draft draft) {
        this.draft = draft;
    }

    Transition settled() {
        if (draft.before.phase() instanceof RunPhase.Ended) {
            return new Transition(draft.before, List.of());
        }
        if (draft.quiet) {
            return new Transition(draft.state(), draft.effects);
        }
        if (draft.asking.isEmpty() && !draft.hasEnded()) {
            filter();
            noticeEnd();
        }
        if (draft.asking.isEmpty() && !draft.hasEnded()) {
            dropTooLate();
            if (draft.learner instanceof LearnerPhase.Idle) {
                commitOrTrain();
                dropTooLate();
            }
        }
        tellWhatEnded();
        if (draft.phase instanceof RunPhase.Running && !(draft.learner instanceof LearnerPhase.Absent)) {
            grant();
        }
        if (draft.phase instanceof RunPhase.Ended(RunEnded end)) {
            draft.effects.add(new StageEffect.EndRun(end));
        }
        return new Transition(draft.state(), draft.effects);
    }

    private void noticeEnd() {
        if (draft.phase instanceof RunPhase.Stopping && draft.learner instanceof LearnerPhase.Absent) {
            draft.finish(RunEnded.Outcome.STOPPED, "without a learner there is no commit: the one before stands");
        } else if (draft.failuresInARow >= draft.settings.maxConsecutiveFailures()) {
            draft.fail(
                    "%d leases in a row failed, the last one: %s".formatted(draft.failuresInARow, draft.lastFailure));
        } else if (draft.filteredInARow >= draft.settings.maxFilteredInARow()) {
            draft.fail("%d groups in a row had equal rewards in stage %s: there is nothing left to learn"
                    .formatted(draft.filteredInARow, draft.curriculum.stage()));
        }
    }

    /// Ends leases that cannot be trained in time. Under `PACE` that happens only when a sample from before a
    /// restart turns out older than its lease promised.
    private void dropTooLate() {
        if (draft.untrained().load(draft.staleness, draft.trainableFrom()).isFeasible()) {
            return;
        }
        for (LeaseEntry lease : BatchChoice.tooLate(draft.uncommitted(), draft.trainableFrom(), draft.staleness)) {
            draft.end(lease.id(), Outcome.STALE, "its tokens may be of %s".formatted(lease.floor()));
        }
    }

    /// Ends groups without variance. With `maxStaleness = 0` only when all open groups are there, so that a commit
    /// holds waves whole and the order of messages does not matter.
    private void filter() {
        boolean wave = draft.settings.maxStaleness() == 0;
        Tally tally = draft.ledger.tally();
        if (!draft.settings.filterZeroVariance() || tally.pointless() == 0 || (wave && tally.ready() < tally.open())) {
            return;
        }
        for (LeaseEntry lease : draft.uncommitted()) {
            if (lease.phase() instanceof Phase.Ready ready && ready.zeroVariance()) {
                draft.filteredInARow++;
                draft.end(lease.id(), Outcome.FILTERED, "all rewards of the group are equal");
            }
        }
    }

    private void commitOrTrain() {
        if (draft.state().isCommitDue()) {
            if (draft.staged.isPresent()) {
                return; // one after the other: the learner waits with the weights that are to be committed
            }
            StageSnapshot snapshot = draft.state().snapshot();
            draft.learner = new LearnerPhase.Committing(snapshot, draft.now);
            draft.effects.add(new StageEffect.CommitCheckpoint(snapshot));
            return;
        }
        if (!mayTrain()) {
            return;
        }
        BatchChoice.of(draft.uncommitted(), draft.version, draft.staleness, draft.settings.lateLeases())
                .ifPresent(batch -> {
                    draft.training = Tally.of(batch.stream()
                            .map(id -> draft.ledger.lease(id).orElseThrow())
                            .toList());
                    draft.learner = new LearnerPhase.Training(batch, draft.now);
                    draft.effects.add(new StageEffect.TrainBatch(draft.version, batch, draft.loop.rateFactor()));
                });
    }

    /// What [BatchChoice] would find out by looking at every lease.
    private boolean mayTrain() {
        Tally tally = draft.ledger.tally();
        return tally.ready() >= draft.settings.groupsPerStep()
                && (draft.settings.lateLeases() == LateLeases.DISCARD
                        || tally.afterStep(draft.settings.groupsPerStep())
                                .load(draft.staleness, draft.version.next())
                                .isFeasible());
    }

    private void grant() {
        if (draft.trainableFrom().number() >= draft.settings.steps()) {
            return;
        }
        Granting granting = new Granting(
                draft.settings,
                draft.loop.staleness(),
                draft.version,
                draft.ledger,
                draft.untrained(),
                draft.curriculum,
                draft.workers,
                draft.now);
        granting.run(draft.trainableFrom(), draft.learner.since(), draft.asking);
        draft.ledger = granting.ledger();
        draft.curriculum = granting.curriculum();
        draft.workers = granting.workers();
        draft.effects.addAll(granting.effects());
        draft.progressAt = granting.hasGranted() ? draft.now : draft.progressAt;
    }

    /// Coalesced, and before anything is granted again to the same worker.
    private void tellWhatEnded() {
        if (!draft.dropped.isEmpty()) {
            draft.effects.add(new StageEffect.DropGroups(List.copyOf(draft.dropped)));
        }
        draft.revoked.forEach((worker, leases) -> draft.effects.add(new StageEffect.Revoke(worker, leases)));
    }
}
