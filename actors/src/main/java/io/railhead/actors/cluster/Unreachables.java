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
/// A node that is left with nobody does not wait: it ends at once, so that whoever keeps it running starts it again
/// and it joins the others. Unless it may be the one that is left over: it had but one other, or it alone could lead.
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

    /// Whether the node that looks is cut off, rather than the others gone.
    ///
    /// @param others all members but that node: whether each could lead the run
    /// @param leads whether that node could lead the run
    boolean isCutOff(Map<String, Boolean> others, boolean leads) {
        return others.size() > 1 && nodes.containsAll(others.keySet()) && (!leads || others.containsValue(true));
    }

    /// Whom to remove now.
    Set<String> due(Instant now, Duration stableAfter) {
        return Duration.between(since, now).compareTo(stableAfter) >= 0 ? nodes : Set.of();
    }
}
