package io.railhead.actors.stage;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which ready groups the next train step is made of, and which leases can no longer be part of any.
final class BatchChoice {
    private BatchChoice() {}

    /// The `groupsPerStep` ready groups with the oldest deadlines (then the lowest ids), in lease order. Empty if
    /// there are not that many; under `PACE` also if a lease that stays behind would then be too late. No other
    /// choice leaves a feasible rest if this one does not: it leaves the latest deadlines.
    static Optional<List<LeaseId>> of(
            Collection<LeaseEntry> open, PolicyVersion version, Staleness staleness, LateLeases lateLeases) {
        List<LeaseEntry> ready = new ArrayList<>();
        for (LeaseEntry lease : open) {
            if (lease.isReady()) {
                ready.add(lease);
            }
        }
        if (ready.size() < staleness.groupsPerStep()) {
            return Optional.empty();
        }
        ready.sort(byUrgency(staleness));
        Set<LeaseId> batch = new HashSet<>();
        ready.subList(0, staleness.groupsPerStep()).forEach(lease -> batch.add(lease.id()));
        List<Long> rest = open.stream()
                .filter(lease -> !batch.contains(lease.id()))
                .map(lease -> staleness.deadline(lease.floor()))
                .toList();
        boolean allowed = switch (lateLeases) {
            case PACE -> staleness.mayTrain(rest, version);
            case DISCARD -> true;
        };
        return allowed ? Optional.of(batch.stream().sorted().toList()) : Optional.empty();
    }

    /// The smallest set of leases without which the others can be trained in time, in lease order. Those that are
    /// ready or have more samples are kept before others, then lower ids: feasible sets are the independent sets of
    /// a matroid, so taking leases in the order of preference while they fit keeps as many as possible.
    static List<LeaseEntry> tooLate(Collection<LeaseEntry> open, PolicyVersion version, Staleness staleness) {
        if (staleness.load(deadlines(open, staleness), version).isFeasible()) {
            return List.of(); // all of them, as nearly always: no order is needed
        }
        List<LeaseEntry> preferred = new ArrayList<>(open);
        preferred.sort(Comparator.comparingInt((LeaseEntry lease) -> lease.isReady() ? 0 : 1)
                .thenComparingInt(lease -> -lease.arrived().size())
                .thenComparing(LeaseEntry::id));
        Staleness.Load kept = staleness.load(List.of(), version);
        List<LeaseEntry> late = new ArrayList<>();
        for (LeaseEntry lease : preferred) {
            long deadline = staleness.deadline(lease.floor());
            if (kept.admits(deadline)) {
                kept = kept.plus(deadline);
            } else {
                late.add(lease);
            }
        }
        late.sort(Comparator.comparing(LeaseEntry::id));
        return late;
    }

    static List<Long> deadlines(Collection<LeaseEntry> leases, Staleness staleness) {
        List<Long> deadlines = new ArrayList<>(leases.size());
        for (LeaseEntry lease : leases) {
            deadlines.add(staleness.deadline(lease.floor()));
        }
        return deadlines;
    }

    private static Comparator<LeaseEntry> byUrgency(Staleness staleness) {
        return Comparator.comparingLong((LeaseEntry lease) -> staleness.deadline(lease.floor()))
                .thenComparing(LeaseEntry::id);
    }
}
