package io.railhead.app.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/// Stands for the actors of one role, wherever they are and whenever they start.
///
/// Messages go to the registered instances in turn; while there is none they wait here, up to a bound beyond which they
/// are lost like any message to a dead actor (the lease behind them is issued again).
///
/// Phases: *waiting* (no instance) <-> *serving*. Does not know: what the messages mean.
final class RoleProxy<T> {
    private static final int CAPACITY = 100_000;

    /// The instances that there are now.
    private record Instances<T>(List<ActorRef<T>> refs) {}

    private final StashBuffer<Object> stash;
    private final Class<T> type;

    private RoleProxy(StashBuffer<Object> stash, Class<T> type) {
        this.stash = stash;
        this.type = type;
    }

    static <T> ActorRef<T> spawn(ActorContext<?> context, ServiceKey<T> key, Class<T> type) {
        return context.spawn(create(key, type), "to-" + key.id()).narrow();
    }

    private static <T> Behavior<Object> create(ServiceKey<T> key, Class<T> type) {
        return Behaviors.setup(context -> Behaviors.withStash(CAPACITY, stash -> {
            ActorRef<Receptionist.Listing> listings = context.messageAdapter(
                    Receptionist.Listing.class, listing -> new Instances<>(ordered(listing.getServiceInstances(key))));
            context.getSystem().receptionist().tell(Receptionist.subscribe(key, listings));
            return new RoleProxy<>(stash, type).waiting();
        }));
    }

    private Behavior<Object> waiting() {
        return Behaviors.receiveMessage(message -> {
            if (message instanceof Instances<?> instances) {
                return found(instances);
            }
            if (!stash.isFull()) {
                stash.stash(message);
            }
            return Behaviors.same();
        });
    }

    private Behavior<Object> serving(List<ActorRef<T>> instances, int next) {
        return Behaviors.receiveMessage(message -> {
            if (message instanceof Instances<?> changed) {
                return found(changed);
            }
            instances.get(next).tell(type.cast(message));
            return instances.size() == 1 ? Behaviors.same() : serving(instances, (next + 1) % instances.size());
        });
    }

    @SuppressWarnings("unchecked") // only `create` makes instances, of this very type
    private Behavior<Object> found(Instances<?> found) {
        List<ActorRef<T>> refs = ((Instances<T>) found).refs();
        return refs.isEmpty() ? waiting() : stash.unstashAll(serving(refs, 0));
    }

    private static <T> List<ActorRef<T>> ordered(Set<ActorRef<T>> refs) {
        List<ActorRef<T>> ordered = new ArrayList<>(refs);
        ordered.sort(Comparator.comparing(ref -> ref.path().toString()));
        return ordered;
    }
}
