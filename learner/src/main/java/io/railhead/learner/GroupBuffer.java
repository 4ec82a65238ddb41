package io.railhead.learner;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;

/// The trajectories that wait to become groups, and the groups that wait to be trained. Immutable.
///
/// Laws: the order of arrival does not matter; a second copy of a sample changes nothing; of a lease that was taken
/// or dropped nothing is kept again; there are never more than `capacity` leases and `REMEMBERED * capacity` ended
/// ids.
///
/// A sample of a lease that ended longer ago than the memory reaches opens its lease anew. Its tokens are older
/// than anything that may still be trained, so [#dropOlderThan] removes it after the next train steps.
///
/// @param groupSize samples of a whole group
/// @param capacity most leases at a time; beyond it samples of further leases are refused
/// @param open samples by lease and sample index
/// @param ended the leases that were taken or dropped last, so that late samples of them are known
/// @param unseen the same of leases of which no sample was here
public record GroupBuffer(
        int groupSize,
        int capacity,
        TreePMap<LeaseId, TreePMap<Integer, ScoredRollout>> open,
        EndedLeases ended,
        EndedLeases unseen) {
    /// Ended leases that are remembered, for each lease of the capacity.
    static final int REMEMBERED = 8;

    public GroupBuffer {
        if (groupSize < 1 || capacity < 1) {
            throw new IllegalArgumentException(
                    "group size " + groupSize + " and capacity " + capacity + " are positive");
        }
    }

    public static GroupBuffer empty(int groupSize, int capacity) {
        return new GroupBuffer(groupSize, capacity, TreePMap.empty(), EndedLeases.NONE, EndedLeases.NONE);
    }

    /// What became of an offered trajectory.
    public sealed interface Admission {
        /// The first copy of this sample; the group is not whole yet.
        record Arrived() implements Admission {}

        /// The first copy of this sample, and with it the group is whole.
        record Completed(Group group) implements Admission {}

        /// Known already; dropped for the one that is kept.
        record Duplicate(ScoredRollout kept) implements Admission {}

        /// Its lease has ended; dropped.
        record Late() implements Admission {}

        /// Not usable, or no room for it; dropped, and whoever counts on it should know.
        record Refused(String cause) implements Admission {}
    }

    public record Offer(GroupBuffer next, Admission admission) {}

    /// Groups in the order they were asked for, and the buffer without them.
    public record Taken(GroupBuffer next, List<Group> groups) {
        public Taken {
            groups = List.copyOf(groups);
        }
    }

    public Offer offer(ScoredRollout trajectory) {
        Rollout rollout = trajectory.rollout();
        if (ended.contains(rollout.lease()) || unseen.contains(rollout.lease())) {
            return new Offer(this, new Admission.Late());
        }
        TreePMap<Integer, ScoredRollout> samples = open.getOrDefault(rollout.lease(), TreePMap.empty());
        ScoredRollout kept = samples.get(rollout.sampleIndex());
        if (kept != null) {
            return new Offer(this, new Admission.Duplicate(kept));
        }
        String fault = fault(rollout, samples);
        if (!fault.isEmpty()) {
            return new Offer(this, new Admission.Refused(fault));
        }
        TreePMap<Integer, ScoredRollout> grown = samples.plus(rollout.sampleIndex(), trajectory);
        return new Offer(
                new GroupBuffer(groupSize, capacity, open.plus(rollout.lease(), grown), ended, unseen),
                grown.size() == groupSize
                        ? new Admission.Completed(new Group(rollout.lease(), List.copyOf(grown.values())))
                        : new Admission.Arrived());
    }

    /// Whether it has samples of this lease, or remembers that it ended.
    public boolean knows(LeaseId lease) {
        return open.containsKey(lease) || ended.contains(lease) || unseen.contains(lease);
    }

    /// The group of a lease, if all of it is here.
    public Optional<Group> whole(LeaseId lease) {
        return Optional.ofNullable(open.get(lease))
                .filter(samples -> samples.size() == groupSize)
                .map(samples -> new Group(lease, List.copyOf(samples.values())));
    }

    /// @throws IllegalStateException if a group is not whole: whoever asks has lost count
    public Taken take(List<LeaseId> leases) {
        List<Group> groups = new ArrayList<>();
        for (LeaseId lease : leases) {
            TreePMap<Integer, ScoredRollout> samples = open.getOrDefault(lease, TreePMap.empty());
            if (samples.size() != groupSize) {
                throw new IllegalStateException(
                        "%s has %d of %d samples and is to be trained".formatted(lease, samples.size(), groupSize));
            }
            groups.add(new Group(lease, List.copyOf(samples.values())));
        }
        return new Taken(drop(leases), groups);
    }

    /// Forgets the samples of these leases, and keeps nothing of them that comes later.
    ///
    /// Leases without a sample here are remembered apart. Copies of what was trained long ago come in floods when
    /// a frozen node thaws, and are answered by word that their leases are over: they must not drive out leases
    /// that have just been trained, or copies of those would be taken in again.
    public GroupBuffer drop(Collection<LeaseId> leases) {
        int most = REMEMBERED * capacity;
        List<LeaseId> seen = leases.stream()
                .filter(lease -> open.containsKey(lease) || ended.contains(lease))
                .toList();
        List<LeaseId> others = leases.stream()
                .filter(lease -> !open.containsKey(lease) && !ended.contains(lease))
                .toList();
        return new GroupBuffer(
                groupSize, capacity, open.minusAll(seen), ended.with(seen, most), unseen.with(others, most));
    }

    /// Forgets leases with a token older than this: they can never be trained any more.
    public GroupBuffer dropOlderThan(PolicyVersion floor) {
        List<LeaseId> tooOld = open.entrySet().stream()
                .filter(e -> e.getValue().values().stream()
                        .anyMatch(s -> s.rollout().response().oldestVersion().compareTo(floor) < 0))
                .map(e -> e.getKey())
                .toList();
        return tooOld.isEmpty() ? this : drop(tooOld);
    }

    /// Why this rollout cannot be a sample of its group, or nothing.
    private String fault(Rollout rollout, TreePMap<Integer, ScoredRollout> samples) {
        if (rollout.sampleIndex() < 0 || rollout.sampleIndex() >= groupSize) {
            return "sample " + rollout.sampleIndex() + " of a group of " + groupSize;
        }
        if (rollout.response().size() == 0) {
            return "a response without a token";
        }
        if (samples.isEmpty()) {
            return open.size() < capacity ? "" : "the learner holds " + open.size() + " groups already";
        }
        Rollout other = samples.firstEntry().getValue().rollout();
        return rollout.promptTokens().equals(other.promptTokens())
                ? ""
                : "other prompt tokens than sample " + other.sampleIndex() + " of its group";
    }
}
