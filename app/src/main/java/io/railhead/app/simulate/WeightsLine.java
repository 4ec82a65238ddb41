package io.railhead.app.simulate;

import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import io.railhead.actors.virtual.VirtualTime;
import io.railhead.policy.PolicyVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Stands in for publisher, relays and followers: new weights are at every worker after a transfer time of its own.
final class WeightsLine {
    private record Again() implements ToPublisher.Internal {}

    private WeightsLine() {}

    /// @param workers read when weights are published
    /// @param transfers how long the weights are on their way to one worker
    /// @param again how often workers are told again of the newest
    static Behavior<ToPublisher> create(
            List<ActorRef<RolloutCommand>> workers,
            Supplier<Duration> transfers,
            Optional<Duration> again,
            VirtualTime time) {
        return Behaviors.withTimers(timers -> {
            again.ifPresent(interval -> timers.startTimerWithFixedDelay(new Again(), interval));
            return telling(workers, transfers, time, PolicyVersion.BASE);
        });
    }

    private static Behavior<ToPublisher> telling(
            List<ActorRef<RolloutCommand>> workers,
            Supplier<Duration> transfers,
            VirtualTime time,
            PolicyVersion newest) {
        return Behaviors.receiveMessage(message -> {
            PolicyVersion version = message instanceof ToPublisher.Publish publish
                    ? publish.manifest().version()
                    : newest;
            for (ActorRef<RolloutCommand> worker : workers) {
                time.after(transfers.get(), () -> worker.tell(new RolloutCommand.WeightsStaged(version)));
            }
            return telling(workers, transfers, time, version);
        });
    }
}
