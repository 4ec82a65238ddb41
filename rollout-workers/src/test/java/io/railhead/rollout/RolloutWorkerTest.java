package io.railhead.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.PictureCommand.Fetched;
import io.railhead.actors.protocol.PictureCommand.ToFetcher;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.wire.FrameLimit;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.WeightsSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class RolloutWorkerTest {
    private static final ActorTestKit KIT =
            ActorTestKit.create(ConfigFactory.parseString("""
            test-pinned {
              type = PinnedDispatcher
              executor = thread-pool-executor
              thread-pool-executor.allow-core-timeout = off
            }
            """).withFallback(ConfigFactory.load()));
    private static final EncodedImage PICTURE = EncodedImage.of(new byte[] {1, 2, 3});
    private static final EncodedImage NAMED = EncodedImage.elsewhere(PICTURE.sha256(), PICTURE.byteCount());
    private static final RolloutSettings SETTINGS = new RolloutSettings(
            4,
            Duration.ofMillis(200),
            Duration.ofSeconds(20),
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            5,
            Optional.empty());

    private final TestProbe<StageCommand> stage = KIT.createTestProbe("stage", StageCommand.class);
    private final TestProbe<RewardCommand> rewards = KIT.createTestProbe("rewards", RewardCommand.class);

    private final TestProbe<ToFetcher> fetcher = KIT.createTestProbe("fetcher", ToFetcher.class);

    private final Set<PolicyVersion> displaced = ConcurrentHashMap.newKeySet();

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    @Test
    void asksForLeasesOnceTheEngineIsUpAndAgainAsAHeartbeat() {
        ActorRef<RolloutCommand> worker = worker(new ScriptedEngine.Script(8), SETTINGS);

        StageCommand.RequestLeases expected = new StageCommand.RequestLeases("w1", PolicyVersion.BASE, 12, worker);
        assertThat(stage.receiveMessage()).isEqualTo(expected);
        assertThat(stage.receiveMessage()).isEqualTo(expected);
    }

    @Test
    void deliversEverySampleOfALeaseOnce() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(8).paced();
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);
        List<Lease> leases =
                LongStream.range(0, 5).mapToObj(id -> Leases.lease(id, 4)).toList();

        worker.tell(new RolloutCommand.LeasesGranted(leases));
        worker.tell(new RolloutCommand.LeasesGranted(leases));
        script.allow(1000);

        List<Rollout> rollouts = rollouts(20);
        assertThat(keys(rollouts)).hasSize(20);
        assertThat(rollouts).allSatisfy(rollout -> {
            Lease lease = leases.get((int) rollout.lease().ordinal());
            assertThat(rollout)
                    .isEqualTo(new Rollout(
                            lease.id(),
                            1,
                            rollout.sampleIndex(),
                            "stage",
                            lease.task(),
                            rollout.promptTokens(),
                            rollout.response(),
                            rollout.text(),
                            rollout.finishReason(),
                            "w1"));
            assertThat(rollout.response().size())
                    .isEqualTo(ScriptedEngine.lengthOf(lease.seed(), rollout.sampleIndex(), Leases.MAX_TOKENS));
        });
        rewards.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void submitsAWaveOfLeasesInItsOrder() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(4);
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);
        List<Long> order = List.of(9L, 2L, 5L, 0L, 7L);

        worker.tell(new RolloutCommand.LeasesGranted(
                order.stream().map(id -> Leases.lease(id, 2)).toList()));

        rollouts(10);
        assertThat(script.submitted).containsExactly("lease-9/1", "lease-2/1", "lease-5/1", "lease-0/1", "lease-7/1");
    }

    @Test
    void swapsBetweenTwoTokensAndClaimsTheVersionOnlyThen() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(4).paced();
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);
        Lease lease = longLease(4);
        int length = ScriptedEngine.lengthOf(lease.seed(), 0, Leases.MAX_TOKENS);

        worker.tell(new RolloutCommand.LeasesGranted(List.of(lease)));
        script.awaitStepBegun();
        worker.tell(new RolloutCommand.WeightsStaged(new PolicyVersion(3)));
        worker.tell(new RolloutCommand.WeightsStaged(new PolicyVersion(2)));
        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(2000, 1))));
        StageCommand.RequestLeases whileTheStepRuns = nextRequest();
        while (whileTheStepRuns.freeSamples() > 6) {
            whileTheStepRuns = nextRequest();
        }
        assertThat(whileTheStepRuns).isEqualTo(new StageCommand.RequestLeases("w1", PolicyVersion.BASE, 6, worker));
        script.allow(1000);

        long[] versions = rollouts(2).stream()
                .filter(rollout -> rollout.lease().equals(lease.id()))
                .findFirst()
                .orElseThrow()
                .response()
                .behaviourVersions();
        long[] expected = new long[length];
        Arrays.fill(expected, 1, length, 3);
        assertThat(versions).isEqualTo(expected);
        stage.fishForMessage(
                Duration.ofSeconds(5),
                message -> message.equals(new StageCommand.RequestLeases("w1", new PolicyVersion(3), 8, worker))
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
    }

    /// What is granted while the engine drains has the old version as its floor, and starts with the new one.
    @Test
    void claimsTheOldVersionUntilAnEngineThatDrainsHasTakenTheNewOne() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(4).draining().paced();
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);
        Lease lease = longLease(4);
        worker.tell(new RolloutCommand.LeasesGranted(List.of(lease)));
        script.awaitStepBegun();
        worker.tell(new RolloutCommand.WeightsStaged(new PolicyVersion(3)));
        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(2000, 1))));
        script.allow(1000);

        StageCommand.RequestLeases request = nextRequest();
        while (request.serving().equals(PolicyVersion.BASE)) {
            request = nextRequest();
        }
        assertThat(request.serving()).isEqualTo(new PolicyVersion(3));
        for (Rollout rollout : rollouts(2)) {
            long expected = rollout.lease().equals(lease.id()) ? 0 : 3;
            assertThat(rollout.response().behaviourVersions()).containsOnly(expected);
        }
    }

    @Test
    void leavesOutVersionsThatArePublishedFasterThanTheEngineSwaps() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(4).paced();
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);
        worker.tell(new RolloutCommand.LeasesGranted(List.of(longLease(4))));
        script.awaitStepBegun();
        displaced.addAll(List.of(new PolicyVersion(2), new PolicyVersion(3)));

        for (long version = 1; version <= 4; version++) {
            worker.tell(new RolloutCommand.WeightsStaged(new PolicyVersion(version)));
        }
        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(2000, 1))));
        while (nextRequest().freeSamples() > 6) {} // the worker has seen all versions
        script.allow(1000);

        assertThat(versionsClaimedUpTo(new PolicyVersion(4)))
                .isSubsetOf(PolicyVersion.BASE, new PolicyVersion(1), new PolicyVersion(4));
        assertThat(script.made).hasValue(1);
    }

    @Test
    void neverStartsAnEngineBelowTheNewestStagedVersion() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(4).failingAtStep(1);
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);
        worker.tell(new RolloutCommand.WeightsStaged(new PolicyVersion(3)));
        versionsClaimedUpTo(new PolicyVersion(3));
        displaced.add(new PolicyVersion(3));

        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(1, 1))));
        assertThat(nextOf(StageCommand.SampleFailed.class).cause()).contains("out of memory");
        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(2, 1))));
        assertThat(nextOf(StageCommand.SampleFailed.class).cause()).contains("v3 is not in store any more");
        worker.tell(new RolloutCommand.WeightsStaged(new PolicyVersion(4)));
        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(3, 1))));

        Rollout rollout = rollouts(1).getFirst();
        assertThat(rollout.response().oldestVersion()).isEqualTo(new PolicyVersion(4));
    }

    @Test
    void answersWhileTheEngineIsBusy() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(4).paced();
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);
        nextRequest();

        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(1, 3))));
        assertThat(nextRequest().freeSamples()).isEqualTo(5);
        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(2, 2))));
        assertThat(nextRequest().freeSamples()).isEqualTo(3);
        assertThat(script.steps).hasValue(0);
        script.allow(1000);
        rollouts(5);
    }

    @Test
    void anEngineCrashReportsTheRestAndTheWorkerGoesOnWithTheNewestWeights() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(4).failingAtStep(3);
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);
        worker.tell(new RolloutCommand.WeightsStaged(new PolicyVersion(6)));

        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(1, 4))));

        List<StageCommand.SampleFailed> failed = new ArrayList<>();
        Set<Integer> finished = new HashSet<>();
        IntStream.range(0, 4)
                .filter(i -> ScriptedEngine.lengthOf(1000, i, Leases.MAX_TOKENS) <= 2)
                .forEach(finished::add);
        rollouts(finished.size()).forEach(r -> assertThat(finished).contains(r.sampleIndex()));
        for (int i = finished.size(); i < 4; i++) {
            failed.add(nextOf(StageCommand.SampleFailed.class));
        }
        assertThat(failed).allSatisfy(f -> {
            assertThat(f.lease()).isEqualTo(new LeaseId(1));
            assertThat(f.cause()).contains("w1").contains("out of memory at step 3");
            assertThat(finished).doesNotContain(f.sampleIndex());
        });

        List<Integer> again =
                failed.stream().map(StageCommand.SampleFailed::sampleIndex).toList();
        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(1, 2, again))));
        List<Rollout> rest = rollouts(again.size());
        assertThat(rest).extracting(Rollout::sampleIndex).containsExactlyInAnyOrderElementsOf(again);
        assertThat(rest)
                .allSatisfy(r -> assertThat(r.response().oldestVersion()).isEqualTo(new PolicyVersion(6)));
        assertThat(script.made).hasValue(2);
        assertThat(script.closed).hasValue(1);
    }

    @Test
    void anEngineThatCannotBeMadeIsTriedAgainAndLeasesFailWithTheCause() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(4).failingToMake(1);
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);

        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(1, 1))));

        StageCommand answer = stage.receiveMessage();
        if (answer instanceof StageCommand.SampleFailed failed) {
            assertThat(failed.cause()).contains("no device");
        } else {
            // The grant came after the failure and waited for the second engine.
            assertThat(answer).isInstanceOf(StageCommand.RequestLeases.class);
            rollouts(1);
        }
        nextRequest();
        assertThat(script.made).hasValue(2);
    }

    @Test
    void givesUpAfterTooManyCrashesInARow() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(4).failingToMake(1000);
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);

        assertThat(nextOf(StageCommand.WorkerLeft.class)).isEqualTo(new StageCommand.WorkerLeft("w1"));
        rewards.expectTerminated(worker);
        assertThat(script.made).hasValue(6);
    }

    @Test
    void aPromptThatTheEngineRefusesFailsAloneWithItsCause() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(8).refusing("prompt-2");
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);

        worker.tell(
                new RolloutCommand.LeasesGranted(List.of(Leases.lease(1, 2), Leases.lease(2, 2), Leases.lease(3, 2))));

        assertThat(rollouts(4)).extracting(r -> r.lease().ordinal()).containsOnly(1L, 3L);
        String cause = "prompt-2 has an unreadable picture";
        assertThat(List.of(nextOf(StageCommand.SampleFailed.class), nextOf(StageCommand.SampleFailed.class)))
                .containsExactly(
                        new StageCommand.SampleFailed(new LeaseId(2), 1, 0, cause),
                        new StageCommand.SampleFailed(new LeaseId(2), 1, 1, cause));
        assertThat(script.made).hasValue(1);
    }

    @Test
    void revokedLeasesAreCancelledAndNeverDelivered() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(8).paced();
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);

        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(1, 2), Leases.lease(2, 2))));
        worker.tell(new RolloutCommand.LeasesRevoked(List.of(new LeaseId(1))));
        script.allow(1000);

        assertThat(rollouts(2)).extracting(r -> r.lease().ordinal()).containsOnly(2L);
        rewards.expectNoMessage(Duration.ofMillis(100));
        assertThat(script.cancelled).containsExactly("lease-1/1");
    }

    @Test
    void aDrainingWorkerFinishesWhatItHasAndLeaves() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(8).paced();
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);
        nextRequest();

        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(1, 3))));
        nextRequest();
        worker.tell(new RolloutCommand.Drain());
        assertThat(nextRequest().freeSamples()).isZero();
        script.allow(1000);

        rollouts(3);
        nextOf(StageCommand.WorkerLeft.class);
        rewards.expectTerminated(worker);
        assertThat(script.closed).hasValue(1);
    }

    @Test
    void aDrainingWorkerHandsTheRestBackAtItsDeadline() {
        RolloutSettings hasty = new RolloutSettings(
                4,
                Duration.ofSeconds(1),
                Duration.ofMillis(50),
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                5,
                Optional.empty());
        ScriptedEngine.Script script = new ScriptedEngine.Script(8).paced();
        ActorRef<RolloutCommand> worker = worker(script, hasty);
        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(1, 3))));

        worker.tell(new RolloutCommand.Drain());

        nextOf(StageCommand.WorkerLeft.class);
        script.allow(1000); // a decode step that runs is not interrupted
        rewards.expectTerminated(worker);
    }

    @Test
    void aGrantWaitsForThePicturesThatTheNodeLacksAndStartsTogetherInItsOrder() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(8);
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);
        nextRequest();

        worker.tell(new RolloutCommand.LeasesGranted(
                List.of(Leases.showing(2, NAMED), Leases.lease(5, 1), Leases.showing(1, NAMED))));
        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(7, 1))));

        ToFetcher.Fetch fetch = fetcher.expectMessageClass(ToFetcher.Fetch.class);
        assertThat(fetch.prompts()).extracting(Prompt::id).containsExactly("prompt-2", "prompt-5", "prompt-1");
        rollouts(1);
        while (nextRequest().freeSamples() != 12 - 3) {} // what waits is in hand
        fetch.replyTo().tell(new Fetched(fetch.ticket(), Map.of(PICTURE.sha256(), PICTURE), Map.of()));
        assertThat(rollouts(3))
                .allSatisfy(
                        rollout -> assertThat(rollout.task().prompt().isWhole()).isTrue());
        assertThat(script.submitted).containsExactly("lease-7/1", "lease-2/1", "lease-5/1", "lease-1/1");
    }

    @Test
    void aLeaseWhosePictureIsUnknownFailsAloneWithACauseThatNamesIt() {
        ActorRef<RolloutCommand> worker = worker(new ScriptedEngine.Script(8), SETTINGS);

        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.showing(2, NAMED), Leases.lease(5, 1))));
        ToFetcher.Fetch fetch = fetcher.expectMessageClass(ToFetcher.Fetch.class);
        fetch.replyTo().tell(new Fetched(fetch.ticket(), Map.of(), Map.of(PICTURE.sha256(), "nobody knows it")));

        assertThat(nextOf(StageCommand.SampleFailed.class))
                .isEqualTo(new StageCommand.SampleFailed(
                        new LeaseId(2), 1, 0, "picture " + PICTURE.sha256() + " of prompt prompt-2: nobody knows it"));
        assertThat(rollouts(1)).extracting(r -> r.lease().ordinal()).containsExactly(5L);
    }

    @Test
    void aLeaseThatIsRevokedWhileItsPictureIsOnItsWayIsNeverSubmitted() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(8);
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);
        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.showing(2, NAMED), Leases.showing(3, NAMED))));
        ToFetcher.Fetch fetch = fetcher.expectMessageClass(ToFetcher.Fetch.class);

        worker.tell(new RolloutCommand.LeasesRevoked(List.of(new LeaseId(2))));
        fetch.replyTo().tell(new Fetched(fetch.ticket(), Map.of(PICTURE.sha256(), PICTURE), Map.of()));

        rollouts(1);
        assertThat(script.submitted).containsExactly("lease-3/1");
    }

    @Test
    void aGrantInSeveralMessagesIsSubmittedTogether() {
        ScriptedEngine.Script script = new ScriptedEngine.Script(4);
        ActorRef<RolloutCommand> worker = worker(script, SETTINGS);

        worker.tell(new RolloutCommand.LeasesGranted(
                List.of(Leases.lease(9, 1), Leases.lease(2, 1), Leases.lease(3, 1)), true));
        while (nextRequest().freeSamples() != 5) {}
        assertThat(script.submitted).isEmpty();
        worker.tell(new RolloutCommand.LeasesRevoked(List.of(new LeaseId(3))));
        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(5, 1))));

        rollouts(3);
        assertThat(script.submitted).containsExactly("lease-9/1", "lease-2/1", "lease-5/1");
    }

    @Test
    void aRolloutThatIsTooBigForAMessageFailsWithACauseThatNamesTheKey() {
        ActorRef<RolloutCommand> worker = worker(new ScriptedEngine.Script(8), SETTINGS, new FrameLimit(2048 + 40));

        worker.tell(new RolloutCommand.LeasesGranted(List.of(Leases.lease(1, 1))));

        assertThat(nextOf(StageCommand.SampleFailed.class).cause())
                .startsWith("ScoreRollout of ")
                .endsWith(" bytes is more than railhead.cluster.maximum-frame-size = 2088 lets through: 40");
        rewards.expectNoMessage(Duration.ofMillis(100));
    }

    private WeightsSnapshot snapshot(PolicyVersion version) {
        if (displaced.contains(version)) {
            throw new IllegalStateException(version + " is not in store any more");
        }
        return new WeightsSnapshot(version, List.of());
    }

    private ActorRef<RolloutCommand> worker(ScriptedEngine.Script script, RolloutSettings settings) {
        return worker(script, settings, FrameLimit.NONE);
    }

    private ActorRef<RolloutCommand> worker(ScriptedEngine.Script script, RolloutSettings settings, FrameLimit frames) {
        return KIT.spawn(RolloutWorker.create(
                "w1",
                settings,
                script::make,
                this::snapshot,
                DispatcherSelector.fromConfig("test-pinned"),
                stage.getRef(),
                rewards.getRef(),
                fetcher.getRef(),
                frames));
    }

    private List<Rollout> rollouts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> rewards.expectMessageClass(RewardCommand.ScoreRollout.class)
                        .rollout())
                .toList();
    }

    private StageCommand.RequestLeases nextRequest() {
        return nextOf(StageCommand.RequestLeases.class);
    }

    private Set<PolicyVersion> versionsClaimedUpTo(PolicyVersion last) {
        Set<PolicyVersion> claimed = new HashSet<>();
        while (!claimed.contains(last)) {
            claimed.add(nextRequest().serving());
        }
        return claimed;
    }

    /// The next message of this type; what comes before it is passed over.
    private <T extends StageCommand> T nextOf(Class<T> type) {
        while (true) {
            StageCommand message = stage.receiveMessage();
            if (type.isInstance(message)) {
                return type.cast(message);
            }
        }
    }

    private static Set<List<Object>> keys(List<Rollout> rollouts) {
        Set<List<Object>> keys = new HashSet<>();
        rollouts.forEach(r -> keys.add(List.of(r.lease(), r.sampleIndex())));
        return keys;
    }

    /// A lease of one sample that is long enough for a swap in its midst.
    private static Lease longLease(int atLeast) {
        return LongStream.range(0, 1000)
                .mapToObj(id -> Leases.lease(id, 1))
                .filter(lease -> ScriptedEngine.lengthOf(lease.seed(), 0, Leases.MAX_TOKENS) >= atLeast)
                .findFirst()
                .orElseThrow();
    }
}
