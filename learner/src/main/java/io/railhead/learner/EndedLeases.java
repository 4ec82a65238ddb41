package io.railhead.learner;

import io.railhead.actors.protocol.LeaseId;
import java.util.Collection;
import org.pcollections.TreePMap;

/// The leases that ended last, by the order of their ends and not by their ids: a lease that was open for long has a
/// low one. Immutable; every operation takes time that grows with the logarithm of their number.
///
/// @param places of the leases in the order
/// @param order leases by place, the latest last
public record EndedLeases(TreePMap<LeaseId, Long> places, TreePMap<Long, LeaseId> order) {
    public static final EndedLeases NONE = new EndedLeases(TreePMap.empty(), TreePMap.empty());

    public boolean contains(LeaseId lease) {
        return places.containsKey(lease);
    }

    public int size() {
        return places.size();
    }

    /// With these as the latest, whether or not they were there, and without the earliest beyond `most`.
    EndedLeases with(Collection<LeaseId> leases, int most) {
        TreePMap<LeaseId, Long> nextPlaces = places;
        TreePMap<Long, LeaseId> nextOrder = order;
        long place = order.isEmpty() ? 0 : order.lastKey() + 1;
        for (LeaseId lease : leases) {
            Long before = nextPlaces.get(lease);
            if (before != null) {
                nextOrder = nextOrder.minus(before);
            }
            nextPlaces = nextPlaces.plus(lease, place);
            nextOrder = nextOrder.plus(place, lease);
            place++;
        }
        while (nextPlaces.size() > most) {
            nextPlaces = nextPlaces.minus(nextOrder.firstEntry().getValue());
            nextOrder = nextOrder.minus(nextOrder.firstKey());
        }
        return new EndedLeases(nextPlaces, nextOrder);
    }
}
