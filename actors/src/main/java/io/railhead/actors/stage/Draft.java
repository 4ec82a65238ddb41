package io.railhead.actors.stage;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunFact.LeaseEnded.Outcome;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.stage.LeaseEntry.Phase;
import io.railhead.actors.stage.Ledger.Outcomes;
import io.railhead.actors.stage.StageState.LearnerPhase;
import io.railhead.actors.stage.StageState.RunPhase;
import io.railhead.policy.PolicyVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The working copy of a state while one event is worked on, and what follows from a change of its ledger: filled by
/// [Turn] and [Rules], never seen by anyone else.
final class Draft {
    final StageState before;
    final StageSettings settings;
    final Staleness staleness;
    final Instant now;
    final List<StageEffect> effects = new ArrayList<>();

    Curriculum curriculum;
    Ledger ledger;
    PolicyVersion version;
    Workers workers;
    LearnerPhase learner;
    RunPhase phase;
    int failuresInARow;
    int filteredInARow;
    Instant progressAt;
    PolicyVersion lastCommitTried;
    int failedCommits;
    Optional<StageSnapshot> committed;
    Optional<StageState.Staged> staged;
    Alerts alerts;
    String lastFailure = "";
    final Set<LeaseId> dropped = new TreeSet<>();
    final Map<String, List<LeaseId>> revoked = new TreeMap<>();
    ClosedLoop loop;
    Tally training; // empty unless the learner trains
    boolean quiet; // nothing that a rule looks at has changed
    Optional<String> asking = Optional.empty(); // the worker, if all that has changed is what it can take
    private Optional<Uncommitted> uncommitted = Optional.empty();

    /// The leases that are not in a train step, of this ledger under this phase.
    private record Uncommitted(Ledger ledger, LearnerPhase learner, List<LeaseEntry> leases) {}

    Draft(StageState state, Instant now) {
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
        this.staged = state.staged();
        this.alerts = state.alerts();
        this.training = state.training();
        this.loop = state.loop();
    }

    StageState state() {
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
                staged,
                alerts,
                learner instanceof LearnerPhase.Training ? training : Tally.EMPTY,
                loop);
    }

    /// The open leases that are not part of the train step in hand.
    @SuppressWarnings("ReferenceEquality") // of immutable values: the same, or to be counted anew
    List<LeaseEntry> uncommitted() {
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
    Tally untrained() {
        return learner instanceof LearnerPhase.Training ? ledger.tally().without(training) : ledger.tally();
    }

    /// The version from which the next step that still has places is made.
    PolicyVersion trainableFrom() {
        return learner instanceof LearnerPhase.Training ? version.next() : version;
    }

    boolean hasEnded() {
        return phase instanceof RunPhase.Ended;
    }

    void take(Ledger.Changes changes) {
        for (Outcomes outcome : changes.outcomes()) {
            take(new Ledger.Change(changes.next(), outcome));
        }
    }

    void take(Ledger.Change change) {
        ledger = change.next();
        switch (change.outcome()) {
            case Outcomes.Changed _ -> progressAt = now;
            case Outcomes.Again(LeaseEntry before, LeaseEntry _, String _) -> revoke(before);
            case Outcomes.Failed(LeaseEntry before, String cause) -> closed(before, Outcome.FAILED, cause);
            case Outcomes.Ended _, Outcomes.Repeated _, Outcomes.NotOpen _ -> {}
        }
    }

    /// The learner holds samples of a lease that ended, or of one that a run gone back has not issued yet.
    void dropIfNotOpen(Ledger.Change change) {
        if (change.outcome() instanceof Outcomes.NotOpen(LeaseId id)) {
            dropped.add(id);
        }
    }

    void end(LeaseId id, Outcome outcome, String cause) {
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

    void revoke(LeaseEntry lease) {
        if (lease.phase() instanceof Phase.Generating at && workers.get(at.workerId()) != null) {
            revoked.computeIfAbsent(at.workerId(), id -> new ArrayList<>()).add(lease.id());
        }
    }

    void restore(StageState there) {
        ledger = there.ledger();
        curriculum = there.curriculum();
        version = there.version();
        failuresInARow = there.failuresInARow();
        filteredInARow = there.filteredInARow();
        lastCommitTried = there.lastCommitTried();
        failedCommits = there.failedCommits();
        staged = Optional.empty();
        loop = there.loop();
    }

    void fail(String cause) {
        finish(RunEnded.Outcome.FAILED, cause);
    }

    void finish(RunEnded.Outcome outcome, String cause) {
        if (!hasEnded()) {
            ledger.leases().forEach(this::revoke);
            phase = new RunPhase.Ended(new RunEnded(version, ledger.counts(), outcome, cause));
        }
    }

    void record(RunFact fact) {
        effects.add(new StageEffect.RecordFact(fact));
    }
}
