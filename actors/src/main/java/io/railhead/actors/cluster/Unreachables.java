package io.railhead.actors.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// When nodes that cannot be reached are removed: as soon as nothing has changed among the members for a while.
/// Immutable.
///
/// Both sides of a partition remove the other one. That is safe, because membership decides nothing: who leads
/// the run is decided by its directory, where one life at a time can write. The side without the head waits for
/// it, then gives up.
///
/// Two kinds of node do not wait for it but end, so that whoever keeps them running starts them again and they join the
/// others: one whose cluster nobody can lead or join any more, and a head that is cut off from everybody, another head
/// among them.
///
/// @param nodes that cannot be reached
/// @param since when anything changed last
record Unreachables(SortedSet<String> nodes, Instant since) {
    Unreachables {
        nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    }

    static Unreachables none(Instant now) {
        return new Unreachables(new TreeSet<>(), now);
    }

    Unreachables lost(String node, Instant now) {
        SortedSet<String> more = new TreeSet<>(nodes);
        return more.add(node) ? new Unreachables(more, now) : this;
    }

    /// It answers again, or is gone.
    Unreachables settled(String node, Instant now) {
        SortedSet<String> fewer = new TreeSet<>(nodes);
        return fewer.remove(node) ? new Unreachables(fewer, now) : this;
    }

    /// Somebody else came or went.
    Unreachables changed(Instant now) {
        return new Unreachables(nodes, now);
    }

    /// What a member is to the others.
    ///
    /// @param leads whether it could lead the run
    /// @param isSeed whether others join the cluster through it
    record Standing(boolean leads, boolean isSeed) {}

    /// Whether the node that looks is to end, instead of going on without those who cannot be reached.
    ///
    /// @param self that node
    /// @param others all other members
    boolean isLost(Standing self, Map<String, Standing> others) {
        boolean alone = nodes.containsAll(others.keySet());
        if (self.leads()) {
            return alone && others.size() > 1 && others.values().stream().anyMatch(Standing::leads);
        }
        return !self.isSeed()
                && others.entrySet().stream()
                        .filter(other -> !nodes.contains(other.getKey()))
                        .noneMatch(other ->
                                other.getValue().leads() || other.getValue().isSeed());
    }

    /// Whether nothing has changed for so long.
    boolean isStable(Instant now, Duration stableAfter) {
        return Duration.between(since, now).compareTo(stableAfter) >= 0;
    }

    /// Whom to remove now.
    Set<String> due(Instant now, Duration stableAfter) {
        return isStable(now, stableAfter) ? nodes : Set.of();
    }
}
