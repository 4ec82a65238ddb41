package io.railhead.actors.stage;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.protocol.Trouble;
import io.railhead.policy.PolicyVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/// All that the stage controller knows and every rule by which it decides. Immutable; each `onX` takes one event and
/// the time, and returns the next state with what is to be done.
///
/// After every event the rules run in this order ([Rules]): end groups without variance; notice a failed run; end
/// leases that can no longer be trained in time; ask for the commit that is due, or else for the train step that is
/// possible; grant what is admissible.
///
/// Invariants, after every event: the ledger balances; no lease in a train step has a token older than
/// `maxStaleness` versions; the open leases are feasible ([Staleness]), so at most `(maxStaleness + 1) *
/// groupsPerStep`; no more leases are open than the steps that are left can use; the learner never trains while a
/// commit is written aside; no commit begins before the one before it came to its end; with `maxStaleness = 0` what is
/// drawn and trained does not depend on the order in which messages come.
///
/// @param staged the commit that is written aside and not known to be durable yet
/// @param training of the leases in the train step in hand, which do not change
/// @param loop what leases are admitted with, and by what the learning rate is multiplied
public record StageState(
        StageSettings settings,
        Curriculum curriculum,
        Ledger ledger,
        PolicyVersion version,
        Workers workers,
        LearnerPhase learner,
        RunPhase phase,
        int failuresInARow,
        int filteredInARow,
        Instant progressAt,
        PolicyVersion lastCommitTried,
        int failedCommits,
        Optional<StageSnapshot> committed,
        Optional<Staged> staged,
        Alerts alerts,
        Tally training,
        ClosedLoop loop) {

    /// A rollout worker's latest request, less what was granted since.
    public record Worker(PolicyVersion serving, int freeSamples, Instant since) {
        Worker plusFree(int samples) {
            return new Worker(serving, freeSamples + samples, since);
        }
    }

    /// A commit on its way from aside to its place, `path`, which the learner need not wait for.
    public record Staged(StageSnapshot snapshot, String path, Instant since) {
        PolicyVersion version() {
            return snapshot.version();
        }
    }

    /// Absent -> Idle -> Training -> Idle, Idle -> Committing (while it is written aside) -> Idle; from all to Absent
    /// or (restarted) to Idle.
    public sealed interface LearnerPhase {
        Instant since();

        record Absent(Instant since) implements LearnerPhase {}

        record Idle(Instant since) implements LearnerPhase {}

        record Training(List<LeaseId> batch, Instant since) implements LearnerPhase {
            public Training {
                batch = List.copyOf(batch);
            }
        }

        record Committing(StageSnapshot snapshot, Instant since) implements LearnerPhase {}
    }

    /// Running -> Stopping -> Ended, or Running -> Ended.
    public sealed interface RunPhase {
        record Running() implements RunPhase {}

        record Stopping() implements RunPhase {}

        record Ended(RunEnded end) implements RunPhase {}
    }

    /// A run that has not begun.
    public static StageState start(StageSettings settings, List<PromptRef> catalogue, Instant now) {
        return new StageState(
                settings,
                Curriculum.of(settings.curriculum(), catalogue, settings.seed()),
                Ledger.empty(settings.maxAttempts()),
                PolicyVersion.BASE,
                Workers.NONE,
                new LearnerPhase.Absent(now),
                new RunPhase.Running(),
                0,
                0,
                now,
                PolicyVersion.BASE,
                0,
                Optional.empty(),
                Optional.empty(),
                Alerts.NONE,
                Tally.EMPTY,
                ClosedLoop.start(settings));
    }

    /// The run of a commit. Its open leases are issued again under the next attempt, whole, to workers that serve at
    /// least the committed version; ids and curriculum go on where they were.
    public static StageState restore(
            StageSnapshot snapshot, StageSettings settings, List<PromptRef> catalogue, Instant now) {
        return start(settings, catalogue, now).restored(snapshot, now);
    }

    StageState restored(StageSnapshot snapshot, Instant now) {
        return new StageState(
                settings,
                curriculum.at(snapshot.curriculum()),
                restoredLedger(snapshot, now),
                snapshot.version(),
                workers,
                learner,
                phase,
                0,
                0,
                now,
                snapshot.version(),
                0,
                Optional.of(snapshot),
                Optional.empty(),
                alerts,
                training,
                loop.at(snapshot.loop()));
    }

    private Ledger restoredLedger(StageSnapshot snapshot, Instant now) {
        var counts = snapshot.ledger();
        if (snapshot.nextLeaseId() != counts.issued()) {
            throw new IllegalArgumentException("the commit's next lease is %d, but %d leases were issued"
                    .formatted(snapshot.nextLeaseId(), counts.issued()));
        }
        TreePMap<LeaseId, LeaseEntry> open = TreePMap.empty();
        for (StageSnapshot.OpenLease lease : snapshot.open()) {
            open = open.plus(
                    lease.id(),
                    new LeaseEntry(
                            lease.id(),
                            lease.stage(),
                            lease.promptId(),
                            settings.groupSize(),
                            lease.attempt() + 1,
                            0,
                            lease.issuedAt(),
                            snapshot.version(),
                            TreePSet.empty(),
                            new LeaseEntry.Phase.Waiting(now)));
        }
        return new Ledger(
                counts.issued(),
                counts.trained(),
                counts.filtered(),
                counts.stale(),
                counts.failed(),
                open,
                settings.maxAttempts());
    }

    /// Whether this version is to be committed before another step is made: the run ends with it, or it is time.
    boolean isCommitDue() {
        boolean last = version.number() >= settings.steps() || phase instanceof RunPhase.Stopping;
        return last || (version.number() % settings.checkpointEvery() == 0 && version.compareTo(lastCommitTried) > 0);
    }

    /// All of this that outlives the process.
    public StageSnapshot snapshot() {
        List<StageSnapshot.OpenLease> open = ledger.leases().stream()
                .map(lease -> new StageSnapshot.OpenLease(
                        lease.id(), lease.attempt(), lease.stage(), lease.promptId(), lease.issuedAt()))
                .toList();
        return new StageSnapshot(
                version,
                ledger.counts(),
                open,
                curriculum.position(),
                ledger.nextId().ordinal(),
                loop.kept());
    }

    public Transition onRequestLeases(String workerId, PolicyVersion serving, int freeSamples, Instant now) {
        return new Turn(this, now).workerAsks(workerId, serving, freeSamples).settled();
    }

    /// It left or died: what it had is granted again.
    public Transition onWorkerLost(String workerId, Instant now) {
        return new Turn(this, now).workerLost(workerId).settled();
    }

    public Transition onSampleFailed(LeaseId lease, int attempt, int sampleIndex, String cause, Instant now) {
        return new Turn(this, now)
                .sampleFailed(lease, attempt, sampleIndex, cause)
                .settled();
    }

    /// The task of a granted lease cannot be loaded: no attempt would help.
    public Transition onLoadFailed(LeaseId lease, String cause, Instant now) {
        return new Turn(this, now).loadFailed(lease, cause).settled();
    }

    /// The learner is there, with the weights of `at` and no trajectory. After a restart alone, a version that was
    /// committed takes the whole run back to that commit.
    public Transition onLearnerReady(PolicyVersion at, Instant now) {
        return new Turn(this, now).learnerReady(at).settled();
    }

    public Transition onLearnerLost(Instant now) {
        return new Turn(this, now).learnerLost().settled();
    }

    public Transition onSampleArrived(LeaseId lease, int sampleIndex, PolicyVersion oldest, Instant now) {
        return new Turn(this, now).sampleArrived(lease, sampleIndex, oldest).settled();
    }

    public Transition onGroupReady(
            LeaseId lease, PolicyVersion oldest, boolean zeroVariance, double correctShare, Instant now) {
        return new Turn(this, now)
                .groupReady(lease, oldest, zeroVariance, correctShare)
                .settled();
    }

    public Transition onStepCommitted(
            PolicyVersion made, List<LeaseId> trained, Map<String, Double> metrics, Instant now) {
        return onStepCommitted(made, trained, metrics, List.of(), now);
    }

    public Transition onStepCommitted(
            PolicyVersion made,
            List<LeaseId> trained,
            Map<String, Double> metrics,
            List<Trouble> troubles,
            Instant now) {
        return new Turn(this, now)
                .stepCommitted(made, trained, metrics, troubles)
                .settled();
    }

    /// By the learner's settings, numerical trouble ends the run.
    public Transition onStepRefused(PolicyVersion from, String cause, List<Trouble> troubles, Instant now) {
        return new Turn(this, now).stepRefused(from, cause, troubles).settled();
    }

    /// The learner may train again; the commit becomes durable meanwhile.
    public Transition onCheckpointStaged(PolicyVersion at, String path, Instant now) {
        return new Turn(this, now).checkpointStaged(at, path).settled();
    }

    public Transition onCheckpointCommitted(PolicyVersion at, String path, Instant now) {
        return new Turn(this, now).checkpointCommitted(at, path).settled();
    }

    public Transition onCheckpointFailed(PolicyVersion at, String cause, Instant now) {
        return new Turn(this, now).checkpointFailed(at, cause).settled();
    }

    /// Finish the step in hand, commit, end.
    public Transition onStop(Instant now) {
        return new Turn(this, now).stop().settled();
    }

    /// Time has passed: deadlines.
    public Transition onTick(Instant now) {
        return new Turn(this, now).tick().settled();
    }

    public RunStatus status() {
        return new RunStatus(
                version,
                curriculum.stage(),
                ledger.counts(),
                workers.size(),
                demand(),
                Waits.of(this),
                new RunStatus.Alerts(alerts.shown(), alerts.count()));
    }

    private RunStatus.Demand demand() {
        long permits = workers.withRoom().values().stream()
                .mapToLong(Worker::freeSamples)
                .sum();
        return new RunStatus.Demand(
                Backlog.of(this), ledger.tally().generating(), ledger.tally().ready(), permits);
    }
}
