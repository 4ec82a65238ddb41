package io.railhead.bench.weights;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.cluster.Node;
import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import io.railhead.actors.security.Refusals;
import io.railhead.actors.weights.WeightsExchange;
import io.railhead.actors.weights.WeightsFollower;
import io.railhead.actors.weights.WeightsPublisher;
import io.railhead.actors.weights.WeightsSettings;
import io.railhead.actors.weights.WeightsStore;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/// One publisher and a number of followers, each with a store and a port of its own: how many bytes leave the
/// publisher's port.
public final class FanOut {
    private static final ServiceKey<ToPublisher> KEY =
            ServiceKeys.of(Incarnation.NONE).weightsPublisher();

    private static final int FOLLOWERS = 8;
    private static final long DEADLINE_SECONDS = 120;
    private static final String NODE_ADDRESS = "127.0.0.1";

    private final Semaphore staged = new Semaphore(0);
    private final List<WeightsExchange> exchanges = new ArrayList<>();

    /// Bytes that left the publisher's port for a snapshot, and then for a delta.
    public record Sent(long snapshot, long delta) {}

    private FanOut() {}

    public static Sent measure(long bytes, long seed) throws IOException {
        TwoVersions versions = TwoVersions.draw(bytes, seed);
        return new FanOut().run(versions.before(), versions.after());
    }

    private Sent run(WeightsSnapshot before, WeightsSnapshot after) throws IOException {
        // The nodes share one system here, and so the threads that wait for a parent's fetch with the parent's own.
        Config config = ConfigFactory.parseString("railhead.weights.keep-versions = 1\n"
                        + "railhead.blocking-dispatcher.thread-pool-executor.fixed-pool-size = 16")
                .withFallback(ConfigFactory.load());
        WeightsSettings settings = WeightsSettings.from(config);
        for (int i = 0; i <= FOLLOWERS; i++) {
            exchanges.add(WeightsExchange.listening(
                    new WeightsStore(1), settings, NODE_ADDRESS, Optional.empty(), new Refusals(Clock.systemUTC())));
        }
        WeightsExchange learner = exchanges.getFirst();
        Node<ToPublisher> node = Node.local(guardian(settings), config);
        try {
            long sentBefore = learner.bytesSent();
            publish(node.system(), learner, before);
            long sentSnapshot = learner.bytesSent();
            publish(node.system(), learner, after);
            return new Sent(sentSnapshot - sentBefore, learner.bytesSent() - sentSnapshot);
        } finally {
            stop(node);
        }
    }

    private Behavior<ToPublisher> guardian(WeightsSettings settings) {
        return Behaviors.setup(context -> {
            for (int i = 1; i <= FOLLOWERS; i++) {
                ActorRef<RolloutCommand> worker = context.spawn(worker(), "worker-" + i);
                context.spawn(
                        WeightsFollower.create(KEY, "node-" + i, exchanges.get(i), PolicyVersion.BASE, List.of(worker)),
                        "follower-" + i);
            }
            return WeightsPublisher.create(KEY, settings, exchanges.getFirst(), Clock.systemUTC());
        });
    }

    private Behavior<RolloutCommand> worker() {
        return Behaviors.receiveMessage(_ -> {
            staged.release();
            return Behaviors.same();
        });
    }

    private void publish(ActorRef<ToPublisher> publisher, WeightsExchange learner, WeightsSnapshot snapshot)
            throws IOException {
        publisher.tell(new ToPublisher.Publish(learner.store().put(snapshot)));
        try {
            if (!staged.tryAcquire(FOLLOWERS, DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("%d followers have %s after %d s"
                        .formatted(staged.availablePermits(), snapshot.version(), DEADLINE_SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void stop(Node<?> node) throws IOException {
        try {
            node.stop(Duration.ofSeconds(DEADLINE_SECONDS));
        } catch (TimeoutException | InterruptedException e) {
            throw new IOException(e);
        } finally {
            for (WeightsExchange exchange : exchanges) {
                exchange.close();
            }
        }
    }
}
