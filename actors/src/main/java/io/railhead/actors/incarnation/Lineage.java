package io.railhead.actors.incarnation;

import io.railhead.actors.protocol.Incarnation;
import io.railhead.policy.PolicyVersion;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which life went on from which commit: the run's history as a chain that ends in the newest life. Immutable.
///
/// A version counts if it was made by a life of the chain, and not after the commit from which the next life of the
/// chain went on. So whatever a life writes after another one has begun never counts, whenever it arrives.
public record Lineage(SortedMap<Incarnation, Birth> births) {
    public static final Lineage EMPTY = new Lineage(new TreeMap<>());

    public Lineage {
        births = Collections.unmodifiableSortedMap(new TreeMap<>(births));
    }

    public static Lineage of(Collection<Birth> births) {
        TreeMap<Incarnation, Birth> byIncarnation = new TreeMap<>();
        births.forEach(birth -> byIncarnation.put(birth.incarnation(), birth));
        return new Lineage(byIncarnation);
    }

    public Lineage plus(Birth birth) {
        TreeMap<Incarnation, Birth> more = new TreeMap<>(births);
        more.put(birth.incarnation(), birth);
        return new Lineage(more);
    }

    /// The newest life that has begun.
    public Optional<Birth> newest() {
        return births.values().stream().reduce((_, later) -> later);
    }

    /// Whether what `maker` made as `version` belongs to the run.
    public boolean holds(Incarnation maker, PolicyVersion version) {
        Optional<Birth> life = newest();
        if (life.isEmpty()) {
            return maker.equals(Incarnation.NONE);
        }
        while (life.isPresent()) {
            Birth birth = life.get();
            int order = maker.compareTo(birth.incarnation());
            if (order >= 0) {
                return order == 0;
            }
            if (maker.equals(birth.parent())) {
                return birth.from().map(from -> version.compareTo(from) <= 0).orElse(false);
            }
            life = Optional.ofNullable(births.get(birth.parent()));
        }
        return false;
    }
}
