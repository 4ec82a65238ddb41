package io.railhead.actors.telemetry;

import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.AllDeadLetters;
import org.apache.pekko.actor.DeadLetter;
import org.apache.pekko.actor.Dropped;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Counts the messages that this node lost: told to actors that are gone, or dropped by a full queue.
///
/// The first dropped message is a warning, because a full queue means that something is not bounded. Counts may be read
/// from any thread.
public final class DeadLetterCounter {
    private final LongAdder undelivered = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    /// `undelivered` were told to actors that are gone; `dropped` did not fit into a queue.
    public record Counts(long undelivered, long dropped) {}

    public Counts counts() {
        return new Counts(undelivered.sum(), dropped.sum());
    }

    /// Counts what this system loses from now on. To be called once.
    public void listenIn(ActorSystem<?> system) {
        ActorRef<AllDeadLetters> listener = system.systemActorOf(behavior(), "dead-letter-counter", Props.empty());
        system.eventStream().tell(new EventStream.Subscribe<>(AllDeadLetters.class, listener));
    }

    private Behavior<AllDeadLetters> behavior() {
        return Behaviors.setup(context -> {
            context.setLoggerName(DeadLetterCounter.class);
            return Behaviors.receiveMessage(lost -> {
                if (lost instanceof Dropped drop) {
                    if (dropped.sum() == 0) {
                        context.getLog()
                                .warn(
                                        "message dropped: type={} recipient={} reason={}; more are only counted",
                                        drop.message().getClass().getSimpleName(),
                                        drop.recipient(),
                                        drop.reason());
                    }
                    dropped.increment();
                } else if (lost instanceof DeadLetter) { // suppressed ones are expected
                    undelivered.increment();
                }
                return Behaviors.same();
            });
        });
    }
}
