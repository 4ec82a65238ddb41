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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pcollections.TreePMap;

/// One event's work on a state: a working copy that is filled by one event method, settled by the rules, and never
/// seen by anyone else. See [StageState] for the rules.
final class Turn {
    private final StageState before;
    private final StageSettings settings;
    private final Staleness staleness;
    private final Instant now;
    private final List<StageEffect> effects = new ArrayList<>();

    private Curriculum curriculum;
    private Ledger ledger;
    private PolicyVersion version;
    private TreePMap<String, Worker> workers;
    private LearnerPhase learner;
    private RunPhase phase;
    private int failuresInARow;
    private int filteredInARow;
    private Instant progressAt;
    private PolicyVersion lastCommitTried;
    private int failedCommits;
    private Optional<StageSnapshot> committed;
    private Alerts alerts;
    private String lastFailure = "";
    private final Set<LeaseId> dropped = new TreeSet<>();
    private final Map<String, List<LeaseId>> revoked = new TreeMap<>();
    private Tally training; // empty unless the learner trains
    private boolean quiet; // nothing that a rule looks at has changed
    private Optional<String> asking = Optional.empty(); // the worker, if all that has changed is what it can take
    private Optional<Uncommitted> uncommitted = Optional.empty();

    /// The leases that are not in a train step, of this ledger under this phase.
    private record Uncommitted(Ledger ledger, LearnerPhase learner, List<LeaseEntry> leases) {}

    Turn(StageState state, Instant now) {
        this.before = state;
        this.settings = state.settings();
        this.staleness = settings.staleness();
        this.now = now;
        this.curriculum = state.curriculum();
        this.ledger = state.ledger();
        this.version = state.version();
        this.workers = state.workers();
        this.learner = state.learner();
        this.phase = state.phase();
        this.failuresInARow = state.failuresInARow();
        this.filteredInARow = state.filteredInARow();
        this.progressAt = state.progressAt();
        this.lastCommitTried = state.lastCommitTried();
        this.failedCommits = state.failedCommits();
        this.committed = state.committed();
        this.alerts = state.alerts();
        this.training = state.training();
    }

    private StageState state() {
        return new StageState(
                settings,
                curriculum,
                ledger,
                version,
                workers,
                learner,
                phase,
                failuresInARow,
                filteredInARow,
                progressAt,
                lastCommitTried,
                failedCommits,
                committed,
                alerts,
                learner instanceof LearnerPhase.Training ? training : Tally.EMPTY);
    }

    // Events

    Turn workerAsks(String workerId, PolicyVersion serving, int freeSamples) {
        Worker before = workers.get(workerId);
        boolean same = before != null
                && before.freeSamples() == freeSamples
                && before.serving().equals(serving);
        workers = workers.plus(workerId, new Worker(serving, freeSamples, now));
        quiet = same && phase instanceof RunPhase.Running;
        asking = phase instanceof RunPhase.Running ? Optional.of(workerId) : Optional.empty();
        return this;
    }

    Turn workerLost(String workerId) {
        workers = workers.minus(workerId);
        take(ledger.lose(workerId, now));
        return this;
    }

    Turn sampleFailed(LeaseId lease, int attempt, int sampleIndex, String cause) {
        heardOf(lease);
        take(ledger.refused(lease, attempt, sampleIndex, cause, now));
        return this;
    }

    /// The worker was not told of the lease, so its samples are free again and there is nothing to revoke.
    Turn loadFailed(LeaseId id, String cause) {
        ledger.lease(id).ifPresent(lease -> {
            if (lease.phase() instanceof Phase.Generating at) {
                Worker worker = workers.get(at.workerId());
                if (worker != null) {
                    workers = workers.plus(
                            at.workerId(), worker.plusFree(lease.missing().size()));
                }
            }
        });
        end(id, Outcome.FAILED, cause);
        revoked.values().forEach(leases -> leases.remove(id));
        revoked.values().removeIf(List::isEmpty);
        return this;
    }

    Turn learnerReady(PolicyVersion at) {
        if (at.equals(version)) {
            take(ledger.forgetSamples("the learner restarted", now));
        } else if (committed.isPresent() && committed.get().version().equals(at)) {
            ledger.leases().forEach(this::revoke);
            effects.add(new StageEffect.Warn(
                    "the learner restarted at %s: the run goes back from %s to that commit".formatted(at, version)));
            restore(state().restored(committed.get(), now));
        } else {
            fail("the learner started at %s, but the run is at %s".formatted(at, version));
        }
        learner = new LearnerPhase.Idle(now);
        progressAt = now;
        return this;
    }

    Turn learnerLost() {
        learner = new LearnerPhase.Absent(now);
        return this;
    }

    Turn sampleArrived(LeaseId lease, int sampleIndex, PolicyVersion oldest) {
        heardOf(lease);
        Optional<PolicyVersion> floor = ledger.lease(lease).map(LeaseEntry::floor);
        Ledger.Change change = ledger.arrived(lease, sampleIndex, oldest, now);
        take(change);
        dropIfNotOpen(change);
        quiet = change.outcome() instanceof Outcomes.Changed(LeaseEntry after)
                && floor.equals(Optional.of(after.floor()))
                && phase instanceof RunPhase.Running;
        return this;
    }

    Turn groupReady(LeaseId id, PolicyVersion oldest, boolean zeroVariance, double correctShare) {
        Ledger.Change change = ledger.ready(id, oldest, zeroVariance, correctShare, now);
        take(change);
        dropIfNotOpen(change);
        if (change.outcome() instanceof Outcomes.Changed) {
            failuresInARow = 0;
        }
        return this;
    }

    Turn stepCommitted(PolicyVersion made, List<LeaseId> trained, Map<String, Double> metrics, List<Trouble> troubles) {
        if (!(learner instanceof LearnerPhase.Training(List<LeaseId> batch, Instant _))
                || !made.equals(version.next())) {
            return this; // a step of a learner's former life
        }
        troubles.forEach(trouble -> record(new RunFact.TroubleFound(made, batch, trouble)));
        version = made;
        learner = new LearnerPhase.Idle(now);
        progressAt = now;
        filteredInARow = 0;
        int failures = failuresInARow; // of getting samples: what the learner leaves out is counted there
        for (LeaseId id : batch) {
            if (trained.contains(id)) {
                end(id, Outcome.TRAINED, "");
            } else {
                end(id, Outcome.FAILED, "the learner left it out of the step to " + made);
            }
        }
        failuresInARow = failures;
        advance();
        Map<String, Double> all = new TreeMap<>(metrics);
        all.put("curriculum/stage", (double) curriculum.position().stageIndex());
        if (alerts.count() > 0) {
            all.put("alerts/raised", (double) alerts.count());
        }
        all.put("curriculum/mastery", curriculum.position().mastery());
        record(new RunFact.StepFinished(made, curriculum.stage(), trained, ledger.counts(), all));
        return this;
    }

    /// The batch stays in flight: the run ends with it.
    Turn stepRefused(PolicyVersion from, String cause, List<Trouble> troubles) {
        if (!from.equals(version)) {
            return this; // of a learner's former life
        }
        if (learner instanceof LearnerPhase.Training(List<LeaseId> batch, Instant _)) {
            troubles.forEach(trouble -> record(new RunFact.TroubleFound(from.next(), batch, trouble)));
        }
        fail(cause);
        return this;
    }

    Turn checkpointCommitted(PolicyVersion at, String path) {
        if (learner instanceof LearnerPhase.Committing(StageSnapshot snapshot, Instant _)
                && snapshot.version().equals(at)) {
            record(new RunFact.CheckpointWritten(at, path));
            committed = Optional.of(snapshot);
            failedCommits = 0;
            committing(at, "");
        }
        return this;
    }

    Turn checkpointFailed(PolicyVersion at, String cause) {
        if (learner instanceof LearnerPhase.Committing(StageSnapshot snapshot, Instant _)
                && snapshot.version().equals(at)) {
            failedCommits++;
            effects.add(new StageEffect.Warn("the checkpoint of %s was not written: %s; %s stands, try %d of %d"
                    .formatted(at, cause, standing(), failedCommits, settings.maxFailedCheckpoints())));
            committing(at, "the last checkpoint was not written: " + cause);
            if (failedCommits >= settings.maxFailedCheckpoints()) {
                fail("%d checkpoints in a row were not written, the last one: %s; go on from %s"
                        .formatted(failedCommits, cause, standing()));
            }
        }
        return this;
    }

    private String standing() {
        return committed.map(commit -> "the one of " + commit.version()).orElse("the start");
    }

    Turn stop() {
        if (phase instanceof RunPhase.Running) {
            phase = new RunPhase.Stopping();
        }
        return this;
    }

    Turn tick() {
        take(ledger.expire(now));
        takeBackFromTheSilent();
        watch();
        Duration still = Duration.between(progressAt, now);
        if (still.compareTo(settings.stallTimeout()) >= 0) {
            fail("nothing came forward for %s; waiting: %s".formatted(still, Waits.of(state())));
        }
        return this;
    }

    private void heardOf(LeaseId lease) {
        ledger.lease(lease).ifPresent(entry -> {
            if (entry.phase() instanceof Phase.Generating at) {
                alerts = alerts.arrived(at.workerId(), now);
            }
        });
    }

    /// Says what is waited for too long, and does what is to be done about it.
    private void watch() {
        Alerts.Look look = alerts.look(state(), now);
        alerts = look.next();
        for (Alerts.Condition over : look.cleared()) {
            record(new RunFact.AlertCleared(over.watchdog().label(), over.owner()));
        }
        for (Alerts.Condition condition : look.raised()) {
            Watchdog.Action action =
                    settings.watchdogs().rule(condition.watchdog()).action();
            String label = condition.watchdog().label();
            String text =
                    "%s: %s %s since %s".formatted(label, condition.owner(), condition.detail(), condition.since());
            record(new RunFact.AlertRaised(
                    label, condition.owner(), condition.detail(), condition.since(), action.label()));
            effects.add(new StageEffect.Warn("alert " + text));
            switch (action) {
                case WARN -> {}
                case REISSUE -> take(ledger.takeBack(condition.leases(), text, now));
                case FAIL -> fail(text);
            }
        }
    }

    /// Workers repeat their requests, so one that does not is frozen, cut off or gone. What it had is granted
    /// again long before the cluster gives its node up; when it speaks again it is a worker again.
    private void takeBackFromTheSilent() {
        workers.forEach((id, worker) -> {
            if (Duration.between(worker.since(), now).compareTo(settings.workerSilence()) >= 0) {
                workers = workers.minus(id);
                take(ledger.takeBack(id, "worker " + id + " fell silent", now));
                effects.add(new StageEffect.Warn("worker %s says nothing for %s: its leases are granted again"
                        .formatted(id, settings.workerSilence())));
            }
        });
    }

    // Rules

    Transition settled() {
        if (before.phase() instanceof RunPhase.Ended) {
            return new Transition(before, List.of());
        }
        if (quiet) {
            return new Transition(state(), effects);
        }
        if (asking.isEmpty() && !hasEnded()) {
            filter();
            noticeEnd();
        }
        if (asking.isEmpty() && !hasEnded()) {
            dropTooLate();
            if (learner instanceof LearnerPhase.Idle) {
                commitOrTrain();
                dropTooLate();
            }
        }
        tellWhatEnded();
        if (phase instanceof RunPhase.Running && !(learner instanceof LearnerPhase.Absent)) {
            grant();
        }
        if (phase instanceof RunPhase.Ended(RunEnded end)) {
            effects.add(new StageEffect.EndRun(end));
        }
        return new Transition(state(), effects);
    }

    private boolean hasEnded() {
        return phase instanceof RunPhase.Ended;
    }

    private void noticeEnd() {
        if (phase instanceof RunPhase.Stopping && learner instanceof LearnerPhase.Absent) {
            finish(RunEnded.Outcome.STOPPED, "without a learner there is no commit: the one before stands");
        } else if (failuresInARow >= settings.maxConsecutiveFailures()) {
            fail("%d leases in a row failed, the last one: %s".formatted(failuresInARow, lastFailure));
        } else if (filteredInARow >= settings.maxFilteredInARow()) {
            fail("%d groups in a row had equal rewards in stage %s: there is nothing left to learn"
                    .formatted(filteredInARow, curriculum.stage()));
        }
    }

    /// Ends leases that cannot be trained in time. Under `PACE` that happens only when a sample from before a
    /// restart turns out older than its lease promised.
    private void dropTooLate() {
        if (untrained().load(staleness, trainableFrom()).isFeasible()) {
            return;
        }
        for (LeaseEntry lease : BatchChoice.tooLate(uncommitted(), trainableFrom(), staleness)) {
            end(lease.id(), Outcome.STALE, "its tokens may be of %s".formatted(lease.floor()));
        }
    }

    /// The open leases that are not part of the train step in hand.
    @SuppressWarnings("ReferenceEquality") // of immutable values: the same, or to be counted anew
    private List<LeaseEntry> uncommitted() {
        Optional<Uncommitted> known =
                uncommitted.filter(those -> those.ledger() == ledger && those.learner() == learner);
        if (known.isPresent()) {
            return known.get().leases();
        }
        List<LeaseEntry> leases = new ArrayList<>(ledger.leases());
        if (learner instanceof LearnerPhase.Training(List<LeaseId> batch, Instant _)) {
            Set<LeaseId> training = new HashSet<>(batch);
            leases.removeIf(lease -> training.contains(lease.id()));
        }
        uncommitted = Optional.of(new Uncommitted(ledger, learner, leases));
        return leases;
    }

    /// The tally of the same.
    private Tally untrained() {
        return learner instanceof LearnerPhase.Training ? ledger.tally().without(training) : ledger.tally();
    }

    /// The version from which the next step that still has places is made.
    private PolicyVersion trainableFrom() {
        return learner instanceof LearnerPhase.Training ? version.next() : version;
    }

    /// Ends groups without variance. With `maxStaleness = 0` only when all open groups are there, so that a commit
    /// holds waves whole and the order of messages does not matter.
    private void filter() {
        boolean wave = settings.maxStaleness() == 0;
        Tally tally = ledger.tally();
        if (!settings.filterZeroVariance() || tally.pointless() == 0 || (wave && tally.ready() < tally.open())) {
            return;
        }
        for (LeaseEntry lease : uncommitted()) {
            if (lease.phase() instanceof Phase.Ready ready && ready.zeroVariance()) {
                filteredInARow++;
                end(lease.id(), Outcome.FILTERED, "all rewards of the group are equal");
            }
        }
    }

    private void advance() {
        curriculum.advance().ifPresent(advanced -> {
            curriculum = advanced.next();
            record(new RunFact.StageAdvanced(advanced.from(), advanced.to(), version, advanced.cause()));
        });
    }

    private void commitOrTrain() {
        boolean last = version.number() >= settings.steps() || phase instanceof RunPhase.Stopping;
        boolean due = version.number() % settings.checkpointEvery() == 0 && version.compareTo(lastCommitTried) > 0;
        if (last || due) {
            StageSnapshot snapshot = state().snapshot();
            learner = new LearnerPhase.Committing(snapshot, now);
            effects.add(new StageEffect.CommitCheckpoint(snapshot));
            return;
        }
        if (!mayTrain()) {
            return;
        }
        BatchChoice.of(uncommitted(), version, staleness, settings.lateLeases()).ifPresent(batch -> {
            training = Tally.of(
                    batch.stream().map(id -> ledger.lease(id).orElseThrow()).toList());
            learner = new LearnerPhase.Training(batch, now);
            effects.add(new StageEffect.TrainBatch(version, batch));
        });
    }

    /// What [BatchChoice] would find out by looking at every lease.
    private boolean mayTrain() {
        Tally tally = ledger.tally();
        return tally.ready() >= settings.groupsPerStep()
                && (settings.lateLeases() == LateLeases.DISCARD
                        || tally.afterStep(settings.groupsPerStep())
                                .load(staleness, version.next())
                                .isFeasible());
    }

    /// The commit in hand came to its end; an empty cause is success.
    private void committing(PolicyVersion at, String cause) {
        learner = new LearnerPhase.Idle(now);
        lastCommitTried = at;
        progressAt = now;
        if (version.number() >= settings.steps()) {
            finish(cause.isEmpty() ? RunEnded.Outcome.FINISHED : RunEnded.Outcome.FAILED, cause);
        } else if (phase instanceof RunPhase.Stopping) {
            finish(cause.isEmpty() ? RunEnded.Outcome.STOPPED : RunEnded.Outcome.FAILED, cause);
        }
    }

    private void grant() {
        if (trainableFrom().number() >= settings.steps()) {
            return;
        }
        Granting granting = new Granting(settings, version, ledger, untrained(), curriculum, workers, now);
        granting.run(trainableFrom(), learner.since(), asking);
        ledger = granting.ledger();
        curriculum = granting.curriculum();
        workers = granting.workers();
        effects.addAll(granting.effects());
        progressAt = granting.hasGranted() ? now : progressAt;
    }

    // What follows from a change of the ledger

    private void take(Ledger.Changes changes) {
        for (Outcomes outcome : changes.outcomes()) {
            take(new Ledger.Change(changes.next(), outcome));
        }
    }

    private void take(Ledger.Change change) {
        ledger = change.next();
        switch (change.outcome()) {
            case Outcomes.Changed _ -> progressAt = now;
            case Outcomes.Again(LeaseEntry before, LeaseEntry _, String _) -> revoke(before);
            case Outcomes.Failed(LeaseEntry before, String cause) -> closed(before, Outcome.FAILED, cause);
            case Outcomes.Ended _, Outcomes.Repeated _, Outcomes.NotOpen _ -> {}
        }
    }

    /// The learner holds samples of a lease that ended, or of one that a run gone back has not issued yet.
    private void dropIfNotOpen(Ledger.Change change) {
        if (change.outcome() instanceof Outcomes.NotOpen(LeaseId id)) {
            dropped.add(id);
        }
    }

    private void end(LeaseId id, Outcome outcome, String cause) {
        Ledger.Change change = ledger.ended(id, outcome);
        ledger = change.next();
        if (change.outcome() instanceof Outcomes.Ended(LeaseEntry before, Outcome _)) {
            closed(before, outcome, cause);
        }
    }

    private void closed(LeaseEntry before, Outcome outcome, String cause) {
        record(new RunFact.LeaseEnded(before.id(), outcome, version, cause));
        curriculum = observed(before, outcome);
        if (outcome == Outcome.FAILED) {
            failuresInARow++;
            lastFailure = before.id() + " (prompt " + before.promptId() + "): " + cause;
        }
        if (outcome != Outcome.TRAINED) {
            dropped.add(before.id());
            revoke(before);
        }
    }

    /// The curriculum sees each group once, when it ends.
    private Curriculum observed(LeaseEntry lease, Outcome outcome) {
        if (!(lease.phase() instanceof Phase.Ready ready)) {
            return curriculum;
        }
        return switch (outcome) {
            case TRAINED ->
                curriculum
                        .observed(lease.stage(), lease.promptId(), ready.correctShare())
                        .trained(lease.stage());
            case FILTERED -> curriculum.observed(lease.stage(), lease.promptId(), ready.correctShare());
            case STALE, FAILED -> curriculum;
        };
    }

    private void revoke(LeaseEntry lease) {
        if (lease.phase() instanceof Phase.Generating at && workers.containsKey(at.workerId())) {
            revoked.computeIfAbsent(at.workerId(), id -> new ArrayList<>()).add(lease.id());
        }
    }

    /// Coalesced, and before anything is granted again to the same worker.
    private void tellWhatEnded() {
        if (!dropped.isEmpty()) {
            effects.add(new StageEffect.DropGroups(List.copyOf(dropped)));
        }
        revoked.forEach((worker, leases) -> effects.add(new StageEffect.Revoke(worker, leases)));
    }

    private void restore(StageState there) {
        ledger = there.ledger();
        curriculum = there.curriculum();
        version = there.version();
        failuresInARow = there.failuresInARow();
        filteredInARow = there.filteredInARow();
        lastCommitTried = there.lastCommitTried();
        failedCommits = there.failedCommits();
    }

    private void fail(String cause) {
        finish(RunEnded.Outcome.FAILED, cause);
    }

    private void finish(RunEnded.Outcome outcome, String cause) {
        if (!hasEnded()) {
            ledger.leases().forEach(this::revoke);
            phase = new RunPhase.Ended(new RunEnded(version, ledger.counts(), outcome, cause));
        }
    }

    private void record(RunFact fact) {
        effects.add(new StageEffect.RecordFact(fact));
    }
}
