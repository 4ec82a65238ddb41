package io.railhead.actors.cluster;

import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.RolloutCommand.LeasesRevoked;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/// Tells the first worker that it finds one number after the other, every few milliseconds, and at last `Drain`.
final class Teller {
    private static final Duration PACE = Duration.ofMillis(5);

    private record Found(Optional<ActorRef<RolloutCommand>> worker) implements RolloutCommand.Internal {}

    private enum Tick implements RolloutCommand.Internal {
        TICK
    }

    private Teller() {}

    static Behavior<RolloutCommand> create() {
        return Behaviors.setup(context -> {
            ActorRef<Receptionist.Listing> listings = context.messageAdapter(
                    Receptionist.Listing.class,
                    listing -> new Found(
                            listing
                                    .getServiceInstances(
                                            ServiceKeys.of(Incarnation.NONE).rolloutWorker())
                                    .stream()
                                    .findFirst()));
            context.getSystem()
                    .receptionist()
                    .tell(Receptionist.subscribe(
                            ServiceKeys.of(Incarnation.NONE).rolloutWorker(), listings));
            return Behaviors.withTimers(timers -> {
                timers.startTimerWithFixedDelay(Tick.TICK, PACE);
                return telling(Optional.empty(), 1);
            });
        });
    }

    private static Behavior<RolloutCommand> telling(Optional<ActorRef<RolloutCommand>> worker, long next) {
        return Behaviors.receiveMessage(message -> {
            if (message instanceof Found found) {
                return telling(found.worker(), next);
            }
            if (message == Tick.TICK) {
                worker.ifPresent(ref -> ref.tell(new LeasesRevoked(List.of(new LeaseId(next)))));
                return worker.isPresent() ? telling(worker, next + 1) : Behaviors.same();
            }
            worker.orElseThrow().tell(message);
            return Behaviors.ignore();
        });
    }
}
