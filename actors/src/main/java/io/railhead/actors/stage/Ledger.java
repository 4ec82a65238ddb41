package io.railhead.actors.stage;

import static java.util.Objects.requireNonNull;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact.LeaseEnded.Outcome;
import io.railhead.actors.stage.LeaseEntry.Phase;
import io.railhead.policy.PolicyVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/// Where every lease of the run is. Immutable.
///
/// Invariants: `issued = trained + filtered + stale + failed + in flight` (the constructor refuses anything else);
/// ids are given out in order, each once; a lease ends exactly once, for only an open lease can end and ending
/// closes it. Messages about a lease that is not open, second copies, and refusals of an old attempt change
/// nothing.
///
/// An attempt that comes to nothing (expired, worker lost, samples refused) is a strike: the lease waits to be
/// granted again under the next attempt, for its missing samples only, and fails with the `maxAttempts`-th strike.
public record Ledger(
        long issued,
        long trained,
        long filtered,
        long stale,
        long failed,
        TreePMap<LeaseId, LeaseEntry> open,
        Tally tally,
        int maxAttempts) {

    /// What became of a command about one lease.
    public sealed interface Outcomes {
        /// It is now as `lease` says.
        record Changed(LeaseEntry lease) implements Outcomes {}

        /// Its attempt came to nothing: it waits for the next one. `before` says who had it.
        record Again(LeaseEntry before, LeaseEntry lease, String cause) implements Outcomes {}

        /// Its last attempt came to nothing, and it has ended as failed.
        record Failed(LeaseEntry before, String cause) implements Outcomes {}

        /// It was open and has ended.
        record Ended(LeaseEntry before, Outcome outcome) implements Outcomes {}

        /// Known already: a second copy, or news of an old attempt.
        record Repeated() implements Outcomes {}

        /// It ended before, or was never issued.
        record NotOpen(LeaseId id) implements Outcomes {}
    }

    /// A ledger and what happened to one lease on the way to it.
    public record Change(Ledger next, Outcomes outcome) {}

    /// A ledger and what happened to several leases on the way to it, in lease order.
    public record Changes(Ledger next, List<Outcomes> outcomes) {
        public Changes {
            outcomes = List.copyOf(outcomes);
        }
    }

    public Ledger {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("a lease has at least one attempt: " + maxAttempts);
        }
        new LedgerCounts(issued, trained, filtered, stale, failed, open.size());
    }

    public Ledger(
            long issued,
            long trained,
            long filtered,
            long stale,
            long failed,
            TreePMap<LeaseId, LeaseEntry> open,
            int maxAttempts) {
        this(issued, trained, filtered, stale, failed, open, Tally.of(open.values()), maxAttempts);
    }

    public static Ledger empty(int maxAttempts) {
        return new Ledger(0, 0, 0, 0, 0, TreePMap.empty(), maxAttempts);
    }

    public LedgerCounts counts() {
        return new LedgerCounts(issued, trained, filtered, stale, failed, open.size());
    }

    public LeaseId nextId() {
        return new LeaseId(issued);
    }

    /// The open leases in lease order.
    public Collection<LeaseEntry> leases() {
        return open.values();
    }

    public Optional<LeaseEntry> lease(LeaseId id) {
        return Optional.ofNullable(open.get(id));
    }

    /// Opens the next lease, granted to a worker that serves `floor`.
    public Change issue(
            String stage,
            String promptId,
            int groupSize,
            PolicyVersion issuedAt,
            PolicyVersion floor,
            String workerId,
            Instant now,
            Instant deadline) {
        Phase phase = new Phase.Generating(workerId, now, deadline, TreePSet.empty());
        LeaseEntry lease =
                new LeaseEntry(nextId(), stage, promptId, groupSize, 1, 0, issuedAt, floor, TreePSet.empty(), phase);
        Ledger next = new Ledger(
                issued + 1,
                trained,
                filtered,
                stale,
                failed,
                open.plus(lease.id(), lease),
                tally.plus(lease),
                maxAttempts);
        return new Change(next, new Outcomes.Changed(lease));
    }

    /// Grants a waiting lease to a worker.
    public Change grant(LeaseId id, String workerId, Instant now, Instant deadline) {
        return about(
                id,
                lease -> lease.isWaiting()
                        ? changed(lease.generating(workerId, now, deadline))
                        : new Change(this, new Outcomes.Repeated()));
    }

    /// A sample is at the learner. When that leaves only refused samples, the attempt has come to nothing.
    public Change arrived(LeaseId id, int sampleIndex, PolicyVersion oldest, Instant now) {
        return about(id, lease -> {
            if (sampleIndex < 0
                    || sampleIndex >= lease.groupSize()
                    || lease.arrived().contains(sampleIndex)) {
                return new Change(this, new Outcomes.Repeated());
            }
            LeaseEntry taken = lease.withSample(sampleIndex, oldest);
            return isExhausted(taken) ? strike(taken, "samples refused", now) : changed(taken);
        });
    }

    /// The group is whole at the learner.
    public Change ready(LeaseId id, PolicyVersion oldest, boolean zeroVariance, double correctShare, Instant now) {
        return about(
                id,
                lease -> lease.isReady()
                        ? new Change(this, new Outcomes.Repeated())
                        : changed(lease.ready(oldest, zeroVariance, correctShare, now)));
    }

    /// A sample of an attempt will not come. The lease waits for the rest of the attempt before it is granted
    /// again.
    public Change refused(LeaseId id, int attempt, int sampleIndex, String cause, Instant now) {
        return about(id, lease -> {
            if (!(lease.phase() instanceof Phase.Generating at)
                    || lease.attempt() != attempt
                    || lease.arrived().contains(sampleIndex)
                    || at.refused().contains(sampleIndex)) {
                return new Change(this, new Outcomes.Repeated());
            }
            LeaseEntry noted = lease.with(new Phase.Generating(
                    at.workerId(), at.since(), at.deadline(), at.refused().plus(sampleIndex)));
            return isExhausted(noted) ? strike(noted, cause, now) : changed(noted);
        });
    }

    /// Ends an open lease.
    public Change ended(LeaseId id, Outcome outcome) {
        return about(id, lease -> new Change(closed(lease, outcome), new Outcomes.Ended(lease, outcome)));
    }

    /// Strikes the leases whose deadline has come.
    public Changes expire(Instant now) {
        return strikeAll(
                lease -> lease.phase() instanceof Phase.Generating at
                        && !at.deadline().isAfter(now),
                lease -> "attempt %d expired".formatted(lease.attempt()),
                now);
    }

    /// Strikes the leases that a worker had.
    public Changes lose(String workerId, Instant now) {
        return strikeAll(
                lease -> lease.phase() instanceof Phase.Generating at
                        && at.workerId().equals(workerId),
                lease -> "worker %s was lost in attempt %d".formatted(workerId, lease.attempt()),
                now);
    }

    /// Takes the leases of a worker that says nothing back, without a strike: it may be frozen, and its samples
    /// may come yet.
    public Changes takeBack(String workerId, String cause, Instant now) {
        return takeBack(
                lease -> lease.phase() instanceof Phase.Generating at
                        && at.workerId().equals(workerId),
                cause,
                now);
    }

    /// Takes these leases back from whoever has them, without a strike.
    public Changes takeBack(List<LeaseId> ids, String cause, Instant now) {
        return takeBack(lease -> lease.isGenerating() && ids.contains(lease.id()), cause, now);
    }

    private Changes takeBack(Predicate<LeaseEntry> which, String cause, Instant now) {
        Ledger next = this;
        List<Outcomes> outcomes = new ArrayList<>();
        for (LeaseEntry lease : leases()) {
            if (which.test(lease)) {
                LeaseEntry again = lease.again(lease.strikes(), now);
                next = next.replaced(again);
                outcomes.add(new Outcomes.Again(lease, again, cause));
            }
        }
        return new Changes(next, outcomes);
    }

    /// The learner has lost all samples: every open lease is to be granted again, whole, without a strike.
    public Changes forgetSamples(String cause, Instant now) {
        Ledger next = this;
        List<Outcomes> outcomes = new ArrayList<>();
        for (LeaseEntry lease : leases()) {
            LeaseEntry again = lease.withArrived(TreePSet.empty()).again(lease.strikes(), now);
            next = next.replaced(again);
            outcomes.add(new Outcomes.Again(lease, again, cause));
        }
        return new Changes(next, outcomes);
    }

    private Changes strikeAll(Predicate<LeaseEntry> which, Function<LeaseEntry, String> cause, Instant now) {
        Ledger next = this;
        List<Outcomes> outcomes = new ArrayList<>();
        for (LeaseEntry lease : leases()) {
            if (which.test(lease)) {
                Change change = next.strike(lease, cause.apply(lease), now);
                next = change.next();
                outcomes.add(change.outcome());
            }
        }
        return new Changes(next, outcomes);
    }

    private Change strike(LeaseEntry lease, String cause, Instant now) {
        int strikes = lease.strikes() + 1;
        if (strikes >= maxAttempts) {
            return new Change(closed(lease, Outcome.FAILED), new Outcomes.Failed(lease, cause));
        }
        LeaseEntry again = lease.again(strikes, now);
        return new Change(replaced(again), new Outcomes.Again(lease, again, cause));
    }

    private static boolean isExhausted(LeaseEntry lease) {
        return lease.phase() instanceof Phase.Generating at
                && lease.arrived().size() < lease.groupSize()
                && lease.missing().stream().allMatch(at.refused()::contains);
    }

    private Change about(LeaseId id, Function<LeaseEntry, Change> change) {
        return lease(id).map(change).orElseGet(() -> new Change(this, new Outcomes.NotOpen(id)));
    }

    private Change changed(LeaseEntry lease) {
        return new Change(replaced(lease), new Outcomes.Changed(lease));
    }

    private Ledger replaced(LeaseEntry lease) {
        return new Ledger(
                issued,
                trained,
                filtered,
                stale,
                failed,
                open.plus(lease.id(), lease),
                tally.replaced(requireNonNull(open.get(lease.id())), lease),
                maxAttempts);
    }

    private Ledger closed(LeaseEntry lease, Outcome outcome) {
        return new Ledger(
                issued,
                trained + (outcome == Outcome.TRAINED ? 1 : 0),
                filtered + (outcome == Outcome.FILTERED ? 1 : 0),
                stale + (outcome == Outcome.STALE ? 1 : 0),
                failed + (outcome == Outcome.FAILED ? 1 : 0),
                open.minus(lease.id()),
                tally.minus(requireNonNull(open.get(lease.id()))),
                maxAttempts);
    }
}
