package io.railhead.actors.cluster;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.io.TcpMessage;

/// Cuts the connections that a node which ends still has after a grace time, again and again, until it has ended.
///
/// When Artery stops, its outgoing control stream hears of it twice: from its own kill switch, as a failure, and from
/// the incoming control stream, as an end. If the end comes first, a connection with TLS waits for the peer to close
/// it, and the actor system waits for the connection without a deadline. A connection cut before Artery has stopped is
/// made anew; hence more than once.
final class LingeringConnections {
    /// Longer than Artery takes to flush what it still has to say.
    static final Duration GRACE = Duration.ofSeconds(2);

    private LingeringConnections() {}

    static void cutWhenEnding(org.apache.pekko.actor.typed.ActorSystem<?> typed) {
        ActorSystem system = Adapter.toClassic(typed);
        CoordinatedShutdown.get(system)
                .addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), "cut-lingering-connections", () -> {
                    cutAfter(GRACE, system);
                    return CompletableFuture.completedFuture(Done.getInstance());
                });
    }

    private static void cutAfter(Duration pause, ActorSystem system) {
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> cut(system));
    }

    private static void cut(ActorSystem system) {
        if (!system.whenTerminated().isCompleted()) {
            system.actorSelection("/system/IO-TCP/selectors/*/*").tell(TcpMessage.abort(), ActorRef.noSender());
            cutAfter(GRACE.dividedBy(4), system);
        }
    }
}
