package io.railhead.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.RolloutCommand.WeightsStaged;
import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.actors.protocol.WeightsCommand.ToFollower;
import io.railhead.actors.protocol.WeightsCommand.ToFollower.WeightsPublished;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Publisher and follower, together and each against a probe.
class WeightsDistributionTest {
    private static final WeightsSettings SETTINGS =
            new WeightsSettings(3, Duration.ofMillis(50), Duration.ofMillis(20));

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<RolloutCommand> worker = kit.createTestProbe();
    private final WeightsStore store = new WeightsStore(3);

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void defaultsStandInTheReference() {
        assertThat(WeightsSettings.from(ConfigFactory.load()))
                .isEqualTo(new WeightsSettings(3, Duration.ofSeconds(60), Duration.ofSeconds(5)));
    }

    @Test
    void publishedWeightsReachTheWorkersOfANode() {
        ActorRef<ToPublisher> publisher = kit.spawn(WeightsPublisher.create(SETTINGS, Clock.systemUTC()));
        follower(PolicyVersion.BASE);
        publisher.tell(new ToPublisher.Publish(store.put(SampleWeights.of(1))));
        worker.expectMessage(new WeightsStaged(new PolicyVersion(1)));
        publisher.tell(new ToPublisher.Publish(store.put(SampleWeights.of(2))));
        worker.expectMessage(new WeightsStaged(new PolicyVersion(2)));
        assertThat(store.get(new PolicyVersion(2))).isPresent();
    }

    @Test
    void lateJoinerGetsTheNewest() {
        ActorRef<ToPublisher> publisher = kit.spawn(WeightsPublisher.create(SETTINGS, Clock.systemUTC()));
        publisher.tell(new ToPublisher.Publish(store.put(SampleWeights.of(1))));
        publisher.tell(new ToPublisher.Publish(store.put(SampleWeights.of(2))));
        follower(PolicyVersion.BASE);
        worker.expectMessage(new WeightsStaged(new PolicyVersion(2)));
    }

    @Test
    void publishedVersionsNeverGoBack() {
        ActorRef<ToPublisher> publisher = kit.spawn(WeightsPublisher.create(SETTINGS, Clock.systemUTC()));
        TestProbe<ToFollower> follower = kit.createTestProbe();
        Manifest second = store.put(SampleWeights.of(2));
        publisher.tell(new ToPublisher.Publish(second));
        publisher.tell(new ToPublisher.Follow("node", follower.ref()));
        follower.expectMessage(new WeightsPublished(second));
        LoggingTestKit.warn("policyVersion=v1 is not newer than v2").expect(kit.system(), () -> {
            publisher.tell(new ToPublisher.Publish(new Manifest(new PolicyVersion(1), "", 0, "memory:")));
            return 0;
        });
        follower.expectNoMessage();
    }

    @Test
    void lagBeyondTheDeadlineIsWarnedOfOnce() {
        ActorRef<ToPublisher> publisher = kit.spawn(WeightsPublisher.create(SETTINGS, Clock.systemUTC()));
        LoggingTestKit.warn("follower lags: follower=node staged=nothing newest=v1")
                .withOccurrences(1)
                .expect(kit.system(), () -> {
                    publisher.tell(new ToPublisher.Follow(
                            "node", kit.<ToFollower>createTestProbe().ref()));
                    publisher.tell(new ToPublisher.Publish(store.put(SampleWeights.of(1))));
                    return 0;
                });
    }

    @Test
    void followerThatStoppedIsNotWarnedOf() {
        ActorRef<ToPublisher> publisher = kit.spawn(WeightsPublisher.create(SETTINGS, Clock.systemUTC()));
        TestProbe<ToFollower> gone = kit.createTestProbe();
        publisher.tell(new ToPublisher.Follow("node", gone.ref()));
        gone.stop();
        LoggingTestKit.warn("follower lags").withOccurrences(0).expect(kit.system(), () -> {
            publisher.tell(new ToPublisher.Publish(store.put(SampleWeights.of(1))));
            kit.<String>createTestProbe().expectNoMessage(Duration.ofMillis(200));
            return 0;
        });
    }

    @Test
    void weightsInAFileAreVerifiedAndStagedOnANodeWithoutThem() throws IOException {
        TestProbe<ToPublisher> publisher = publisherProbe();
        ActorRef<ToFollower> follower = follower(PolicyVersion.BASE);
        publisher.expectMessage(new ToPublisher.Follow("node", follower));
        follower.tell(new WeightsPublished(new WeightsFiles(directory, 2).write(SampleWeights.of(3))));
        worker.expectMessage(new WeightsStaged(new PolicyVersion(3)));
        publisher.expectMessage(new ToPublisher.Staged("node", new PolicyVersion(3)));
        assertThat(store.get(new PolicyVersion(3))).contains(SampleWeights.of(3));
    }

    @Test
    void corruptedContentsAreRefusedAndTheOldVersionKept() throws IOException {
        TestProbe<ToPublisher> publisher = publisherProbe();
        ActorRef<ToFollower> follower = follower(PolicyVersion.BASE);
        publisher.expectMessageClass(ToPublisher.Follow.class);
        WeightsFiles files = new WeightsFiles(directory, 3);
        follower.tell(new WeightsPublished(files.write(SampleWeights.of(1))));
        worker.expectMessage(new WeightsStaged(new PolicyVersion(1)));
        publisher.expectMessage(new ToPublisher.Staged("node", new PolicyVersion(1)));

        Manifest damaged = files.write(SampleWeights.of(2));
        Path file = directory.resolve("v2.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        follower.tell(new WeightsPublished(damaged));
        ToPublisher.Refused refused = publisher.expectMessageClass(ToPublisher.Refused.class);
        assertThat(refused)
                .isEqualTo(
                        new ToPublisher.Refused("node", new PolicyVersion(2), new PolicyVersion(1), refused.cause()));
        assertThat(refused.cause()).contains("v2.safetensors hashes to");
        worker.expectNoMessage();
        assertThat(store.newest()).contains(SampleWeights.of(1));

        follower.tell(new WeightsPublished(files.write(SampleWeights.of(3))));
        worker.expectMessage(new WeightsStaged(new PolicyVersion(3)));
    }

    @Test
    void weightsInMemoryWithAnotherHashAreRefused() {
        TestProbe<ToPublisher> publisher = publisherProbe();
        ActorRef<ToFollower> follower = follower(PolicyVersion.BASE);
        publisher.expectMessageClass(ToPublisher.Follow.class);
        Manifest manifest = store.put(SampleWeights.of(1));
        follower.tell(new WeightsPublished(
                new Manifest(manifest.version(), "0".repeat(64), manifest.byteCount(), manifest.location())));
        publisher.expectMessage(new ToPublisher.Refused(
                "node", new PolicyVersion(1), PolicyVersion.BASE, "v1 is on this node with other contents"));
        worker.expectNoMessage();
    }

    @Test
    void keptVersionNeverGoesBack() {
        TestProbe<ToPublisher> publisher = publisherProbe();
        ActorRef<ToFollower> follower = follower(new PolicyVersion(5));
        publisher.expectMessageClass(ToPublisher.Follow.class);
        follower.tell(new WeightsPublished(new Manifest(new PolicyVersion(4), "", 0, "memory:")));
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
        follower.tell(new WeightsPublished(manifest));
        follower.tell(new WeightsPublished(manifest));
        publisher.expectMessage(new ToPublisher.Staged("node", new PolicyVersion(1)));
        publisher.expectMessage(new ToPublisher.Staged("node", new PolicyVersion(1)));
        worker.expectMessage(new WeightsStaged(new PolicyVersion(1)));
        worker.expectNoMessage();
    }

    private ActorRef<ToFollower> follower(PolicyVersion serving) {
        return kit.spawn(WeightsFollower.create("node", store, serving, List.of(worker.ref())));
    }

    private TestProbe<ToPublisher> publisherProbe() {
        TestProbe<ToPublisher> probe = kit.createTestProbe();
        kit.system().receptionist().tell(Receptionist.register(ServiceKeys.WEIGHTS_PUBLISHER, probe.ref()));
        return probe;
    }
}
