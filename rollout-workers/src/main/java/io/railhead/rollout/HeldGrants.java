package io.railhead.rollout;

import io.railhead.actors.protocol.Lease;
import io.railhead.policy.Prompt;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Leases in hand that are not submitted to the engine yet: those of a grant that goes on in a further message, and
/// those of grants that wait for pictures, by ticket. A grant is submitted together.
record HeldGrants(List<Lease> growing, SortedMap<Long, List<Lease>> waiting, long nextTicket) {
    static final HeldGrants NONE = new HeldGrants(List.of(), new TreeMap<>(), 0);

    HeldGrants {
        growing = List.copyOf(growing);
        waiting = Collections.unmodifiableSortedMap(new TreeMap<>(waiting));
    }

    /// A grant that is here: to be submitted now, or by ticket when its pictures are here.
    record Grown(HeldGrants next, List<Lease> submit, Optional<Long> ticket) {}

    /// A grant that waits no more.
    record Released(HeldGrants next, List<Lease> grant) {}

    HeldGrants growing(List<Lease> more) {
        return new HeldGrants(Stream.concat(growing.stream(), more.stream()).toList(), waiting, nextTicket);
    }

    /// Nothing more comes of the grant.
    Grown grown() {
        if (growing.stream().allMatch(lease -> lease.task().prompt().isWhole())) {
            return new Grown(new HeldGrants(List.of(), waiting, nextTicket), growing, Optional.empty());
        }
        SortedMap<Long, List<Lease>> all = new TreeMap<>(waiting);
        all.put(nextTicket, growing);
        return new Grown(new HeldGrants(List.of(), all, nextTicket + 1), List.of(), Optional.of(nextTicket));
    }

    List<Prompt> promptsOf(long ticket) {
        return waiting.getOrDefault(ticket, List.of()).stream()
                .map(lease -> lease.task().prompt())
                .toList();
    }

    Released released(long ticket) {
        SortedMap<Long, List<Lease>> rest = new TreeMap<>(waiting);
        List<Lease> grant = rest.remove(ticket);
        return new Released(new HeldGrants(growing, rest, nextTicket), grant == null ? List.of() : grant);
    }

    /// Nothing is held any more; tickets given out mean nothing.
    HeldGrants cleared() {
        return new HeldGrants(List.of(), new TreeMap<>(), nextTicket);
    }

    /// Those of the leases that are not held.
    List<Lease> without(List<Lease> leases) {
        Set<String> held = new HashSet<>();
        Stream.concat(growing.stream(), waiting.values().stream().flatMap(List::stream))
                .map(LeaseInHand::requestId)
                .forEach(held::add);
        return leases.stream()
                .filter(lease -> !held.contains(LeaseInHand.requestId(lease)))
                .toList();
    }
}
