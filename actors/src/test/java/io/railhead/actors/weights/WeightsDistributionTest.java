package io.railhead.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.RolloutCommand.WeightsStaged;
import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.actors.protocol.WeightsCommand.ToFollower;
import io.railhead.actors.protocol.WeightsCommand.ToFollower.WeightsPublished;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import io.railhead.actors.weights.port.PortLimits;
import io.railhead.policy.PolicyVersion;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Publisher and follower, together and each against a probe.
class WeightsDistributionTest {
    private static final ServiceKey<ToPublisher> KEY =
            ServiceKeys.of(Incarnation.NONE).weightsPublisher();
    private static final WeightsSettings.Port PORT = new WeightsSettings.Port(
            0,
            8,
            2,
            new PortLimits(64, Duration.ofSeconds(10), Duration.ofMillis(2500), Duration.ofMinutes(30)),
            Optional.empty(),
            Optional.empty());
    private static final WeightsSettings SETTINGS =
            new WeightsSettings(3, Duration.ofMillis(50), Duration.ofMillis(20), PORT);

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<RolloutCommand> worker = kit.createTestProbe();
    private final WeightsStore store = new WeightsStore(3);
    private final WeightsExchange exchange = WeightsExchange.inMemory(store);

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void defaultsStandInTheReference() {
        assertThat(WeightsSettings.from(ConfigFactory.load()))
                .isEqualTo(new WeightsSettings(3, Duration.ofSeconds(60), Duration.ofSeconds(5), PORT));
    }

    @Test
    void publishedWeightsReachTheWorkersOfANode() {
        ActorRef<ToPublisher> publisher =
                kit.spawn(WeightsPublisher.create(KEY, SETTINGS, exchange, Clock.systemUTC()));
        follower(PolicyVersion.BASE);
        publisher.tell(new ToPublisher.Publish(store.put(SampleWeights.of(1))));
        worker.expectMessage(new WeightsStaged(new PolicyVersion(1)));
        publisher.tell(new ToPublisher.Publish(store.put(SampleWeights.of(2))));
        worker.expectMessage(new WeightsStaged(new PolicyVersion(2)));
        assertThat(store.get(new PolicyVersion(2))).isPresent();
    }

    @Test
    void lateJoinerGetsTheNewest() {
        ActorRef<ToPublisher> publisher =
                kit.spawn(WeightsPublisher.create(KEY, SETTINGS, exchange, Clock.systemUTC()));
        publisher.tell(new ToPublisher.Publish(store.put(SampleWeights.of(1))));
        publisher.tell(new ToPublisher.Publish(store.put(SampleWeights.of(2))));
        follower(PolicyVersion.BASE);
        worker.expectMessage(new WeightsStaged(new PolicyVersion(2)));
    }

    @Test
    void publishedVersionsNeverGoBack() {
        ActorRef<ToPublisher> publisher =
                kit.spawn(WeightsPublisher.create(KEY, SETTINGS, exchange, Clock.systemUTC()));
        TestProbe<ToFollower> follower = kit.createTestProbe();
        Manifest second = store.put(SampleWeights.of(2));
        publisher.tell(new ToPublisher.Publish(second));
        publisher.tell(new ToPublisher.Follow("node", "memory:", follower.ref()));
        follower.expectMessage(published(second));
        LoggingTestKit.warn("policyVersion=v1 is not newer than v2").expect(kit.system(), () -> {
            publisher.tell(new ToPublisher.Publish(new Manifest(new PolicyVersion(1), "", 0, "memory:")));
            return 0;
        });
        follower.expectNoMessage();
    }

    @Test
    void lagBeyondTheDeadlineIsWarnedOfOnce() {
        ActorRef<ToPublisher> publisher =
                kit.spawn(WeightsPublisher.create(KEY, SETTINGS, exchange, Clock.systemUTC()));
        LoggingTestKit.warn("follower lags: follower=node staged=nothing newest=v1")
                .withOccurrences(1)
                .expect(kit.system(), () -> {
                    publisher.tell(new ToPublisher.Follow(
                            "node", "memory:", kit.<ToFollower>createTestProbe().ref()));
                    publisher.tell(new ToPublisher.Publish(store.put(SampleWeights.of(1))));
                    return 0;
                });
    }

    @Test
    void followerThatStoppedIsNotWarnedOf() {
        ActorRef<ToPublisher> publisher =
                kit.spawn(WeightsPublisher.create(KEY, SETTINGS, exchange, Clock.systemUTC()));
        TestProbe<ToFollower> gone = kit.createTestProbe();
        publisher.tell(new ToPublisher.Follow("node", "memory:", gone.ref()));
        gone.stop();
        LoggingTestKit.warn("follower lags").withOccurrences(0).expect(kit.system(), () -> {
            publisher.tell(new ToPublisher.Publish(store.put(SampleWeights.of(1))));
            kit.<String>createTestProbe().expectNoMessage(Duration.ofMillis(200));
            return 0;
        });
    }

    @Test
    void weightsInMemoryWithAnotherRootAreRefused() {
        TestProbe<ToPublisher> publisher = publisherProbe();
        ActorRef<ToFollower> follower = follower(PolicyVersion.BASE);
        publisher.expectMessageClass(ToPublisher.Follow.class);
        Manifest manifest = store.put(SampleWeights.of(1));
        follower.tell(
                published(new Manifest(manifest.version(), "0".repeat(64), manifest.byteCount(), manifest.location())));
        publisher.expectMessage(new ToPublisher.Refused(
                "node", new PolicyVersion(1), PolicyVersion.BASE, "v1 is on this node with other contents"));
        worker.expectNoMessage();
    }

    @Test
    void keptVersionNeverGoesBack() {
        TestProbe<ToPublisher> publisher = publisherProbe();
        ActorRef<ToFollower> follower = follower(new PolicyVersion(5));
        publisher.expectMessageClass(ToPublisher.Follow.class);
        follower.tell(published(new Manifest(new PolicyVersion(4), "", 0, "memory:")));
        publisher.expectMessage(
                new ToPublisher.Refused("node", new PolicyVersion(4), new PolicyVersion(5), "older than what is kept"));
        worker.expectNoMessage();
    }

    @Test
    void repeatedManifestIsAcknowledgedAgainWithoutTellingTheWorkers() {
        TestProbe<ToPublisher> publisher = publisherProbe();
        ActorRef<ToFollower> follower = follower(PolicyVersion.BASE);
        publisher.expectMessageClass(ToPublisher.Follow.class);
        Manifest manifest = store.put(SampleWeights.of(1));
        follower.tell(published(manifest));
        follower.tell(published(manifest));
        publisher.expectMessage(new ToPublisher.Staged("node", new PolicyVersion(1)));
        publisher.expectMessage(new ToPublisher.Staged("node", new PolicyVersion(1)));
        worker.expectMessage(new WeightsStaged(new PolicyVersion(1)));
        worker.expectNoMessage();
    }

    @Test
    void followerThatHearsNothingFollowsAgain() {
        TestProbe<ToPublisher> publisher = publisherProbe();
        follower(PolicyVersion.BASE);
        ToPublisher.Follow first = publisher.expectMessageClass(ToPublisher.Follow.class);
        publisher.expectMessage(WeightsFollower.FOLLOW_AGAIN.multipliedBy(5), first);
    }

    @Test
    void whoFollowsAgainIsToldWhatItHasNotAcknowledged() {
        ActorRef<ToPublisher> publisher =
                kit.spawn(WeightsPublisher.create(KEY, SETTINGS, exchange, Clock.systemUTC()));
        TestProbe<ToFollower> follower = kit.createTestProbe();
        ToPublisher.Follow follow = new ToPublisher.Follow("node", "memory:", follower.ref());
        Manifest first = store.put(SampleWeights.of(1));
        publisher.tell(new ToPublisher.Publish(first));
        publisher.tell(follow);
        publisher.tell(follow);
        follower.expectMessage(published(first));
        follower.expectMessage(published(first));
        publisher.tell(new ToPublisher.Staged("node", new PolicyVersion(1)));
        publisher.tell(follow);
        follower.expectNoMessage();
    }

    private static WeightsPublished published(Manifest manifest) {
        return new WeightsPublished(manifest, List.of(), List.of());
    }

    private ActorRef<ToFollower> follower(PolicyVersion serving) {
        return kit.spawn(WeightsFollower.create(KEY, "node", exchange, serving, List.of(worker.ref())));
    }

    private TestProbe<ToPublisher> publisherProbe() {
        TestProbe<ToPublisher> probe = kit.createTestProbe();
        kit.system().receptionist().tell(Receptionist.register(KEY, probe.ref()));
        return probe;
    }
}
