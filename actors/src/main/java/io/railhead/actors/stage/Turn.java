package io.railhead.actors.stage;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunFact.LeaseEnded.Outcome;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.protocol.Trouble;
import io.railhead.actors.stage.LeaseEntry.Phase;
import io.railhead.actors.stage.Ledger.Outcomes;
import io.railhead.actors.stage.StageState.LearnerPhase;
import io.railhead.actors.stage.StageState.RunPhase;
import io.railhead.actors.stage.StageState.Worker;
import io.railhead.policy.PolicyVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One event's work on a state: what it says is put into a [Draft], which the [Rules] then settle.
final class Turn {
    private final Draft draft;

    Turn(StageState state, Instant now) {
        this.draft = new Draft(state, now);
    }

    Transition settled() {
        return new Rules(draft).settled();
    }

    Turn workerAsks(String workerId, PolicyVersion serving, int freeSamples) {
        Worker before = draft.workers.get(workerId);
        boolean same = before != null
                && before.freeSamples() == freeSamples
                && before.serving().equals(serving);
        draft.workers = draft.workers.plus(workerId, new Worker(serving, freeSamples, draft.now));
        draft.quiet = same && draft.phase instanceof RunPhase.Running;
        draft.asking = draft.phase instanceof RunPhase.Running ? Optional.of(workerId) : Optional.empty();
        return this;
    }

    Turn workerLost(String workerId) {
        draft.workers = draft.workers.minus(workerId);
        draft.take(draft.ledger.lose(workerId, draft.now));
        return this;
    }

    Turn sampleFailed(LeaseId lease, int attempt, int sampleIndex, String cause) {
        heardOf(lease);
        draft.take(draft.ledger.refused(lease, attempt, sampleIndex, cause, draft.now));
        return this;
    }

    /// The worker was not told of the lease, so its samples are free again and there is nothing to revoke.
    Turn loadFailed(LeaseId id, String cause) {
        draft.ledger.lease(id).ifPresent(lease -> {
            if (lease.phase() instanceof Phase.Generating at) {
                Worker worker = draft.workers.get(at.workerId());
                if (worker != null) {
                    draft.workers = draft.workers.plus(
                            at.workerId(), worker.plusFree(lease.missing().size()));
                }
            }
        });
        draft.end(id, Outcome.FAILED, cause);
        draft.revoked.values().forEach(leases -> leases.remove(id));
        draft.revoked.values().removeIf(List::isEmpty);
        return this;
    }

    /// A commit that was on its way when the learner went down is durable if the learner is back with it.
    Turn learnerReady(PolicyVersion at) {
        draft.staged.filter(staged -> staged.version().equals(at)).ifPresent(this::durable);
        draft.staged = Optional.empty();
        if (at.equals(draft.version)) {
            draft.take(draft.ledger.forgetSamples("the learner restarted", draft.now));
        } else if (draft.committed.isPresent()
                && draft.committed.get().version().equals(at)) {
            draft.ledger.leases().forEach(draft::revoke);
            draft.effects.add(
                    new StageEffect.Warn("the learner restarted at %s: the run goes back from %s to that commit"
                            .formatted(at, draft.version)));
            draft.restore(draft.state().restored(draft.committed.get(), draft.now));
        } else {
            draft.fail("the learner started at %s, but the run is at %s".formatted(at, draft.version));
        }
        draft.learner = new LearnerPhase.Idle(draft.now);
        draft.progressAt = draft.now;
        return this;
    }

    Turn learnerLost() {
        draft.learner = new LearnerPhase.Absent(draft.now);
        return this;
    }

    Turn sampleArrived(LeaseId lease, int sampleIndex, PolicyVersion oldest) {
        heardOf(lease);
        Optional<PolicyVersion> floor = draft.ledger.lease(lease).map(LeaseEntry::floor);
        Ledger.Change change = draft.ledger.arrived(lease, sampleIndex, oldest, draft.now);
        draft.take(change);
        draft.dropIfNotOpen(change);
        draft.quiet = change.outcome() instanceof Outcomes.Changed(LeaseEntry after)
                && floor.equals(Optional.of(after.floor()))
                && draft.phase instanceof RunPhase.Running;
        return this;
    }

    Turn groupReady(LeaseId id, PolicyVersion oldest, boolean zeroVariance, double correctShare) {
        Ledger.Change change = draft.ledger.ready(id, oldest, zeroVariance, correctShare, draft.now);
        draft.take(change);
        draft.dropIfNotOpen(change);
        if (change.outcome() instanceof Outcomes.Changed) {
            draft.failuresInARow = 0;
        }
        return this;
    }

    Turn stepCommitted(PolicyVersion made, List<LeaseId> trained, Map<String, Double> metrics, List<Trouble> troubles) {
        if (!(draft.learner instanceof LearnerPhase.Training(List<LeaseId> batch, Instant _))
                || !made.equals(draft.version.next())) {
            return this; // a step of a learner's former life
        }
        troubles.forEach(trouble -> draft.record(new RunFact.TroubleFound(made, batch, trouble)));
        draft.version = made;
        draft.learner = new LearnerPhase.Idle(draft.now);
        draft.progressAt = draft.now;
        draft.filteredInARow = 0;
        int failures = draft.failuresInARow; // of getting samples: what the learner leaves out is counted there
        for (LeaseId id : batch) {
            if (trained.contains(id)) {
                draft.end(id, Outcome.TRAINED, "");
            } else {
                draft.end(id, Outcome.FAILED, "the learner left it out of the step to " + made);
            }
        }
        draft.failuresInARow = failures;
        advance();
        Map<String, Double> all = new TreeMap<>(metrics);
        all.put("curriculum/stage", (double) draft.curriculum.position().stageIndex());
        if (draft.alerts.count() > 0) {
            all.put("alerts/raised", (double) draft.alerts.count());
        }
        all.put("curriculum/mastery", draft.curriculum.position().mastery());
        ClosedLoop.Look look = draft.loop.after(made, metrics, !trained.isEmpty());
        if (draft.settings.closedLoop().enabled()) {
            all.put("closed-loop/staleness", (double) draft.loop.staleness());
            all.put("closed-loop/rate-factor", draft.loop.rateFactor());
        }
        draft.loop = look.next();
        draft.record(new RunFact.StepFinished(made, draft.curriculum.stage(), trained, draft.ledger.counts(), all));
        look.move().ifPresent(draft::record);
        return this;
    }

    /// The batch stays in flight: the run ends with it.
    Turn stepRefused(PolicyVersion from, String cause, List<Trouble> troubles) {
        if (!from.equals(draft.version)) {
            return this; // of a learner's former life
        }
        if (draft.learner instanceof LearnerPhase.Training(List<LeaseId> batch, Instant _)) {
            troubles.forEach(trouble -> draft.record(new RunFact.TroubleFound(from.next(), batch, trouble)));
        }
        draft.fail(cause);
        return this;
    }

    Turn checkpointStaged(PolicyVersion at, String path) {
        if (draft.learner instanceof LearnerPhase.Committing(StageSnapshot snapshot, Instant _)
                && snapshot.version().equals(at)) {
            draft.staged = Optional.of(new StageState.Staged(snapshot, path, draft.now));
            draft.learner = new LearnerPhase.Idle(draft.now);
            draft.lastCommitTried = at;
            draft.progressAt = draft.now;
        }
        return this;
    }

    Turn checkpointCommitted(PolicyVersion at, String path) {
        commitInHand(at).ifPresent(snapshot -> {
            durable(new StageState.Staged(snapshot, path, draft.now));
            commitEnded(at, "");
        });
        return this;
    }

    private void durable(StageState.Staged commit) {
        draft.record(new RunFact.CheckpointWritten(commit.version(), commit.path()));
        draft.committed = Optional.of(commit.snapshot());
        draft.failedCommits = 0;
    }

    /// Written aside, or still being.
    private Optional<StageSnapshot> commitInHand(PolicyVersion at) {
        Optional<StageSnapshot> inHand = draft.learner instanceof LearnerPhase.Committing(var snapshot, Instant _)
                ? Optional.of(snapshot)
                : draft.staged.map(StageState.Staged::snapshot);
        return inHand.filter(snapshot -> snapshot.version().equals(at));
    }

    Turn checkpointFailed(PolicyVersion at, String cause) {
        if (commitInHand(at).isPresent()) {
            draft.failedCommits++;
            draft.effects.add(new StageEffect.Warn("the checkpoint of %s was not written: %s; %s stands, try %d of %d"
                    .formatted(at, cause, standing(), draft.failedCommits, draft.settings.maxFailedCheckpoints())));
            commitEnded(at, "the last checkpoint was not written: " + cause);
            if (draft.failedCommits >= draft.settings.maxFailedCheckpoints()) {
                draft.fail("%d checkpoints in a row were not written, the last one: %s; go on from %s"
                        .formatted(draft.failedCommits, cause, standing()));
            }
        }
        return this;
    }

    private String standing() {
        return draft.committed.map(commit -> "the one of " + commit.version()).orElse("the start");
    }

    Turn stop() {
        if (draft.phase instanceof RunPhase.Running) {
            draft.phase = new RunPhase.Stopping();
        }
        return this;
    }

    Turn tick() {
        draft.take(draft.ledger.expire(draft.now));
        takeBackFromTheSilent();
        watch();
        Duration still = Duration.between(draft.progressAt, draft.now);
        if (still.compareTo(draft.settings.stallTimeout()) >= 0) {
            draft.fail("nothing came forward for %s; waiting: %s".formatted(still, Waits.of(draft.state())));
        }
        return this;
    }

    private void heardOf(LeaseId lease) {
        if (draft.settings.watchdogs().areOff()) {
            return;
        }
        draft.ledger.lease(lease).ifPresent(entry -> {
            if (entry.phase() instanceof Phase.Generating at) {
                draft.alerts = draft.alerts.arrived(at.workerId(), draft.now);
            }
        });
    }

    /// Says what is waited for too long, and does what is to be done about it.
    private void watch() {
        if (draft.settings.watchdogs().areOff()) {
            return;
        }
        Alerts.Look look = draft.alerts.look(draft.state(), draft.now);
        draft.alerts = look.next();
        for (Alerts.Condition over : look.cleared()) {
            draft.record(new RunFact.AlertCleared(over.watchdog().label(), over.owner()));
        }
        for (Alerts.Condition condition : look.raised()) {
            Watchdog.Action action =
                    draft.settings.watchdogs().rule(condition.watchdog()).action();
            String label = condition.watchdog().label();
            String text =
                    "%s: %s %s since %s".formatted(label, condition.owner(), condition.detail(), condition.since());
            draft.record(new RunFact.AlertRaised(
                    label, condition.owner(), condition.detail(), condition.since(), action.label()));
            draft.effects.add(new StageEffect.Warn("alert " + text));
            switch (action) {
                case WARN -> {}
                case REISSUE -> draft.take(draft.ledger.takeBack(condition.leases(), text, draft.now));
                case FAIL -> draft.fail(text);
            }
        }
    }

    /// Workers repeat their requests, so one that does not is frozen, cut off or gone. What it had is granted
    /// again long before the cluster gives its node up; when it speaks again it is a worker again.
    private void takeBackFromTheSilent() {
        draft.workers.all().forEach((id, worker) -> {
            if (Duration.between(worker.since(), draft.now).compareTo(draft.settings.workerSilence()) >= 0) {
                draft.workers = draft.workers.minus(id);
                draft.take(draft.ledger.takeBack(id, "worker " + id + " fell silent", draft.now));
                draft.effects.add(new StageEffect.Warn("worker %s says nothing for %s: its leases are granted again"
                        .formatted(id, draft.settings.workerSilence())));
            }
        });
    }

    private void advance() {
        draft.curriculum.advance().ifPresent(advanced -> {
            draft.curriculum = advanced.next();
            draft.record(new RunFact.StageAdvanced(advanced.from(), advanced.to(), draft.version, advanced.cause()));
        });
    }

    /// The commit in hand came to its end; an empty cause is success. It is the run's last one if nothing was trained
    /// since.
    private void commitEnded(PolicyVersion at, String cause) {
        draft.staged = Optional.empty();
        if (draft.learner instanceof LearnerPhase.Committing) {
            draft.learner = new LearnerPhase.Idle(draft.now);
        }
        draft.lastCommitTried = at;
        draft.progressAt = draft.now;
        if (!at.equals(draft.version) || draft.learner instanceof LearnerPhase.Training) {
            return;
        }
        if (draft.version.number() >= draft.settings.steps()) {
            draft.finish(cause.isEmpty() ? RunEnded.Outcome.FINISHED : RunEnded.Outcome.FAILED, cause);
        } else if (draft.phase instanceof RunPhase.Stopping) {
            draft.finish(cause.isEmpty() ? RunEnded.Outcome.STOPPED : RunEnded.Outcome.FAILED, cause);
        }
    }
}
