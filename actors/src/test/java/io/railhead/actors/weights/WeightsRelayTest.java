package io.railhead.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.RolloutCommand.WeightsStaged;
import io.railhead.actors.protocol.WeightsCommand.ToFollower;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import io.railhead.actors.security.Refusals;
import io.railhead.actors.weights.delta.BlockWorkers;
import io.railhead.actors.weights.delta.RandomWeights;
import io.railhead.actors.weights.delta.Transfer;
import io.railhead.actors.weights.port.PortLimits;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A publisher and followers, each with a store and a weights port of its own, as on as many nodes.
class WeightsRelayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ServiceKey<ToPublisher> KEY =
            ServiceKeys.of(Incarnation.NONE).weightsPublisher();
    private static final WeightsSettings SETTINGS = new WeightsSettings(
            2,
            Duration.ofMinutes(10),
            Duration.ofMillis(100),
            new WeightsSettings.Port(
                    0,
                    3,
                    2,
                    new PortLimits(16, Duration.ofSeconds(60), Duration.ofSeconds(20), Duration.ofMinutes(2)),
                    Optional.empty(),
                    Optional.empty()));
    private static final List<WeightsSnapshot> VERSIONS = versions();

    /// The nodes share one actor system here, and so the threads that wait for a parent's fetch with the parent's own.
    private static final Config THREADS_FOR_ALL = ConfigFactory.parseString(
                    "railhead.blocking-dispatcher.thread-pool-executor.fixed-pool-size = 16")
            .withFallback(ConfigFactory.load());

    private final ActorTestKit kit = ActorTestKit.create(THREADS_FOR_ALL);
    private final List<Node> nodes = new ArrayList<>();
    private final WeightsExchange learner = exchange();
    private final ActorRef<ToPublisher> publisher =
            kit.spawn(WeightsPublisher.create(KEY, SETTINGS, learner, Clock.systemUTC()));

    /// A rollout node: what it holds, and the probe that stands for its worker.
    private record Node(WeightsExchange exchange, TestProbe<RolloutCommand> worker, ActorRef<ToFollower> follower) {}

    @AfterEach
    void stop() throws IOException {
        kit.shutdownTestKit();
        learner.close();
        for (Node node : nodes) {
            node.exchange().close();
        }
    }

    @Test
    void everyNodeGetsEveryVersionAndTwoCopiesLeaveTheLearner() {
        join(8);
        publish(1);
        expectAll(1); // from here on the publisher knows all of them
        long before = learner.bytesSent();
        publish(2);
        expectAll(2);
        long copy = Transfer.delta(VERSIONS.get(1), "", VERSIONS.get(2), BlockWorkers.ofThisMachine())
                .chunkBytes();
        long manifests = 2 * 10_000; // and less
        assertThat(copy).isLessThan(VERSIONS.get(1).byteCount() / 2);
        assertThat(learner.bytesSent() - before).isBetween(copy, 2 * copy + manifests);
    }

    @Test
    void joinerStartsWithASnapshotAndGoesOnWithDeltas() {
        publish(1);
        join(1);
        expectAll(1);
        long snapshot = learner.bytesSent();
        publish(2);
        expectAll(2);
        join(1);
        expect(nodes.getLast(), 2);
        publish(3);
        expectAll(3);
        assertThat(learner.bytesSent()).isGreaterThan(snapshot);
    }

    @Test
    void nodesGoOnWhenOneOfThemIsGone() throws IOException {
        join(6);
        publish(1);
        expectAll(1);
        Node relay = nodes.removeFirst(); // the first that joined is nearest to the root
        relay.exchange().close(); // its port answers no more, but its follower is still there, as on a frozen node
        publish(2);
        expectAll(2);
        kit.stop(relay.follower());
        publish(3);
        expectAll(3);
    }

    /// Its store says v1, but holds other contents: the sum of a block of the result is wrong.
    @Test
    void nodeThatCannotUseADeltaIsAnchoredByASnapshot() {
        WeightsExchange astray = exchange();
        String root = learner.store().put(VERSIONS.get(1)).root();
        astray.store().put(RandomWeights.next(VERSIONS.getFirst(), 99), root);
        nodes.add(node(astray));
        publish(1);
        nodes.getFirst().worker().expectMessage(PATIENCE, new WeightsStaged(new PolicyVersion(1)));
        publish(2);
        expectAll(2);
    }

    private static List<WeightsSnapshot> versions() {
        List<WeightsSnapshot> versions = new ArrayList<>(List.of(RandomWeights.draw(0, 7, 30_000)));
        for (int i = 1; i < 4; i++) {
            versions.add(RandomWeights.next(versions.getLast(), i));
        }
        return versions;
    }

    private void publish(int version) {
        publisher.tell(new ToPublisher.Publish(learner.store().put(VERSIONS.get(version))));
    }

    private void join(int count) {
        for (int i = 0; i < count; i++) {
            nodes.add(node(exchange()));
        }
    }

    private Node node(WeightsExchange exchange) {
        TestProbe<RolloutCommand> worker = kit.createTestProbe();
        ActorRef<ToFollower> follower = kit.spawn(WeightsFollower.create(
                KEY, "node-" + nodes.size(), exchange, PolicyVersion.BASE, List.of(worker.ref())));
        return new Node(exchange, worker, follower);
    }

    private void expectAll(int version) {
        nodes.forEach(node -> expect(node, version));
    }

    /// Versions in between may be left out.
    private static void expect(Node node, int version) {
        PolicyVersion wanted = new PolicyVersion(version);
        node.worker()
                .fishForMessage(
                        PATIENCE,
                        message -> message.equals(new WeightsStaged(wanted))
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore());
        assertThat(node.exchange().store().get(wanted).orElseThrow().equals(VERSIONS.get(version)))
                .isTrue();
    }

    private static WeightsExchange exchange() {
        try {
            return WeightsExchange.listening(
                    new WeightsStore(2), SETTINGS, "127.0.0.1", Optional.empty(), new Refusals(Clock.systemUTC()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
