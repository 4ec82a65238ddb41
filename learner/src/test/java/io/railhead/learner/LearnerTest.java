package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.cluster.Dispatchers;
import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.PictureCommand.Fetched;
import io.railhead.actors.protocol.PictureCommand.ToFetcher;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.protocol.Trouble;
import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.WeightsSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnerTest {
    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.load());
    private static final ServiceKey<LearnerCommand> KEY =
            ServiceKeys.of(Incarnation.NONE).learner();
    private static final PolicyVersion V0 = PolicyVersion.BASE;
    private static final PolicyVersion V1 = new PolicyVersion(1);

    private final TestProbe<StageCommand> stage = KIT.createTestProbe("stage", StageCommand.class);
    private final TestProbe<ToPublisher> publisher = KIT.createTestProbe("publisher", ToPublisher.class);
    private final TestProbe<RecorderCommand> recorder = KIT.createTestProbe("recorder", RecorderCommand.class);
    private final TestProbe<ToFetcher> fetcher = KIT.createTestProbe("fetcher", ToFetcher.class);
    private final List<TablePolicy> policies = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path run;

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    @Test
    void publishesItsWeightsRegistersItselfAndSaysReady() {
        ActorRef<LearnerCommand> learner = KIT.spawn(behavior(this::newPolicy, 4, 0));

        assertThat(publisher.receiveMessage()).isEqualTo(new ToPublisher.Publish(manifest(new TablePolicy(), V0)));
        assertThat(stage.receiveMessage()).isEqualTo(new StageCommand.LearnerReady(V0, learner));
        TestProbe<Receptionist.Listing> listings = KIT.createTestProbe(Receptionist.Listing.class);
        KIT.system().receptionist().tell(Receptionist.subscribe(KEY, listings.getRef()));
        listings.fishForMessage(
                Duration.ofSeconds(3),
                listing -> listing.getServiceInstances(KEY).contains(learner)
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
    }

    @Test
    void tellsOfEachSampleAndOfEachWholeGroupAndAgainForEveryCopy() {
        ActorRef<LearnerCommand> learner = ready(2, 0);
        ScoredRollout second = Trajectories.of(3, 1, 1, 0, 0);
        ScoredRollout first = Trajectories.of(3, 0, 0, 0);

        offer(learner, List.of(second, second, first, first));

        for (int copy = 0; copy < 2; copy++) {
            assertThat(stage.receiveMessage()).isEqualTo(new StageCommand.SampleArrived(new LeaseId(3), 1, V0));
        }
        for (int copy = 0; copy < 2; copy++) {
            assertThat(stage.receiveMessage()).isEqualTo(new StageCommand.SampleArrived(new LeaseId(3), 0, V0));
            assertThat(stage.receiveMessage()).isEqualTo(new StageCommand.GroupReady(new LeaseId(3), V0, false, 0.5));
        }
        assertThat(recorder.receiveMessage())
                .isEqualTo(new RecorderCommand.RecordFact(new RunFact.TrajectoryTaken(second)));
        assertThat(recorder.receiveMessage())
                .isEqualTo(new RecorderCommand.RecordFact(new RunFact.TrajectoryTaken(first)));
        learner.tell(new LearnerCommand.OfferTrajectory(Trajectories.of(4, 0, 0, 0)));
        assertThat(stage.receiveMessage()).isEqualTo(new StageCommand.SampleArrived(new LeaseId(4), 0, V0));
    }

    @Test
    void unusableTrajectoriesAreToldOfAsFailed() {
        ActorRef<LearnerCommand> learner = ready(2, 0);
        learner.tell(new LearnerCommand.OfferTrajectory(Trajectories.of(3, 1, SampledTokens.EMPTY, 0)));
        assertThat(stage.receiveMessage())
                .isEqualTo(new StageCommand.SampleFailed(new LeaseId(3), 1, 1, "a response without a token"));
    }

    @Test
    void aSampleCountsAsHereWhenItsPictureIs() {
        EncodedImage picture = EncodedImage.of(new byte[] {1, 2, 3});
        ScoredRollout whole = Trajectories.showing(Trajectories.of(3, 1, 1, 0), picture);
        ScoredRollout named =
                Trajectories.showing(whole, EncodedImage.elsewhere(picture.sha256(), picture.byteCount()));
        ActorRef<LearnerCommand> learner = ready(2, 0);

        learner.tell(new LearnerCommand.OfferTrajectory(named));
        ToFetcher.Fetch fetch = fetcher.expectMessageClass(ToFetcher.Fetch.class);
        assertThat(fetch.prompts()).containsExactly(named.rollout().task().prompt());
        learner.tell(new LearnerCommand.OfferTrajectory(Trajectories.of(4, 0, 0, 0)));
        assertThat(stage.receiveMessage()).isEqualTo(new StageCommand.SampleArrived(new LeaseId(4), 0, V0));
        recorder.expectMessageClass(RecorderCommand.RecordFact.class);
        fetch.replyTo().tell(new Fetched(fetch.ticket(), Map.of(picture.sha256(), picture), Map.of()));

        assertThat(stage.receiveMessage()).isEqualTo(new StageCommand.SampleArrived(new LeaseId(3), 1, V0));
        RecorderCommand.RecordFact recorded = recorder.expectMessageClass(RecorderCommand.RecordFact.class);
        assertThat(recorded.fact())
                .isInstanceOfSatisfying(
                        RunFact.TrajectoryTaken.class,
                        taken -> assertThat(taken.trajectory()
                                        .rollout()
                                        .task()
                                        .prompt()
                                        .isWhole())
                                .isTrue());
    }

    @Test
    void aSampleWhosePictureDoesNotComeFailsWithACauseThatNamesIt() {
        EncodedImage named = EncodedImage.elsewhere("0123456789abcdef".repeat(4), 3);
        ActorRef<LearnerCommand> learner = ready(2, 0);

        learner.tell(new LearnerCommand.OfferTrajectory(Trajectories.showing(Trajectories.of(3, 1, 1, 0), named)));
        ToFetcher.Fetch fetch = fetcher.expectMessageClass(ToFetcher.Fetch.class);
        fetch.replyTo().tell(new Fetched(fetch.ticket(), Map.of(), Map.of(named.sha256(), "it did not come in time")));

        assertThat(stage.receiveMessage())
                .isEqualTo(new StageCommand.SampleFailed(
                        new LeaseId(3),
                        1,
                        1,
                        "picture " + named.sha256() + " of prompt prompt-3: it did not come in time"));
    }

    @Test
    void soManyTrajectoriesMayWaitForPicturesAndNoMore() {
        ActorRef<LearnerCommand> learner = ready(2, 0);
        int most = new BatchLimits(2, 4, 0).mostWithoutPictures();
        EncodedImage named = EncodedImage.elsewhere("0123456789abcdef".repeat(4), 3);

        for (int i = 0; i <= most; i++) {
            learner.tell(new LearnerCommand.OfferTrajectory(Trajectories.showing(Trajectories.of(i, 1, 1, 0), named)));
        }

        assertThat(stage.receiveMessage())
                .isEqualTo(new StageCommand.SampleFailed(
                        new LeaseId(most), 1, 1, most + " trajectories wait for pictures already"));
        assertThat(fetcher.receiveSeveralMessages(most)).hasSize(most);
        fetcher.expectNoMessage();
    }

    @Test
    void samplesOfDroppedGroupsAreDropped() {
        ActorRef<LearnerCommand> learner = ready(2, 0);
        learner.tell(new LearnerCommand.DropGroups(List.of(new LeaseId(3))));
        offer(learner, List.of(Trajectories.of(3, 0, 0, 0), Trajectories.of(4, 0, 0, 0)));
        assertThat(stage.receiveMessage()).isEqualTo(new StageCommand.SampleArrived(new LeaseId(4), 0, V0));
    }

    @Test
    void aSampleTooOldToBeTrainedIsToldOfButNotTakenIn() {
        ActorRef<LearnerCommand> learner = ready(1, 0);
        step(learner, V0, List.of(Trajectories.group(1, 1)));
        recorder.receiveSeveralMessages(2); // the sample, the weights
        offer(learner, List.of(Trajectories.of(1000, 0, 1, 0)));
        assertThat(stage.receiveMessage()).isEqualTo(new StageCommand.SampleArrived(new LeaseId(1000), 0, V0));
        recorder.expectNoMessage();
        stage.expectNoMessage();
    }

    @Test
    void versionsEqualThoseOfTheTrainStepAlone() {
        ActorRef<LearnerCommand> learner = ready(4, 0);
        TrainStepScript script = new TrainStepScript();
        TablePolicy alone = new TablePolicy();
        for (long number = 0; number < 3; number++) {
            PolicyVersion from = new PolicyVersion(number);
            List<Group> groups = TrainStepScript.groups(alone, from);
            script.train(alone, number, number + 1);
            train(learner, from, groups);
            assertThat(publisher.receiveMessage()).isEqualTo(new ToPublisher.Publish(manifest(alone, from.next())));
            StageCommand.StepCommitted committed = stage.expectMessageClass(StageCommand.StepCommitted.class);
            assertThat(committed.version()).isEqualTo(from.next());
            assertThat(committed.trained())
                    .isEqualTo(groups.stream().map(Group::lease).toList());
            assertThat(committed.metrics()).containsKey(LearnerMetrics.LOSS_POLICY);
        }
    }

    @Test
    void recordsWhichWeightsAStepMade() {
        ActorRef<LearnerCommand> learner = ready(1, 0);
        step(learner, V0, List.of(Trajectories.group(1, 1)));
        recorder.expectMessageClass(RecorderCommand.RecordFact.class); // the sample
        recorder.expectMessage(new RecorderCommand.RecordFact(
                new RunFact.WeightsMade(V1, policies.getFirst().snapshot(V1).sha256())));
    }

    @Test
    void tellsWhatTroubleLeftOutOfAStep() {
        ActorRef<LearnerCommand> learner = ready(1, 0);
        policies.getFirst().poisonGradient();
        train(learner, V0, List.of(Trajectories.group(1, 1)));
        StageCommand.StepCommitted committed = stage.expectMessageClass(StageCommand.StepCommitted.class);
        assertThat(committed.trained()).isEmpty();
        assertThat(committed.troubles().stream().map(Trouble::kind)).containsExactly("not-finite-gradient");
        assertThat(run.resolve(committed.troubles().getLast().file())).isRegularFile();
    }

    @Test
    void respondsWhileTheExecutorTrains() {
        CountDownLatch mayTrain = new CountDownLatch(1);
        ActorRef<LearnerCommand> learner = ready(() -> new WaitingPolicy(newPolicy(), mayTrain), 4, 0);
        train(learner, V0, TrainStepScript.groups(new TablePolicy(), V0));
        offer(learner, List.of(Trajectories.of(100, 0, 0, 0)));
        assertThat(stage.receiveMessage()).isEqualTo(new StageCommand.SampleArrived(new LeaseId(100), 0, V0));
        mayTrain.countDown();
        assertThat(stage.expectMessageClass(StageCommand.StepCommitted.class).version())
                .isEqualTo(V1);
    }

    @Test
    void goesOnFromTheLastCommitAfterAFailure() throws Exception {
        ActorRef<LearnerCommand> learner = KIT.spawn(Behaviors.supervise(behavior(this::newPolicy, 4, 0))
                .onFailure(IllegalStateException.class, SupervisorStrategy.restart()));
        stage.expectMessage(new StageCommand.LearnerReady(V0, learner));
        step(learner, V0);
        commit(learner, CheckpointsTest.stage(1));
        stage.expectMessage(new StageCommand.CheckpointStaged(
                V1, run.resolve("checkpoints/step-1").toString()));
        StageCommand.CheckpointCommitted committed = stage.expectMessageClass(StageCommand.CheckpointCommitted.class);
        assertThat(committed)
                .isEqualTo(new StageCommand.CheckpointCommitted(
                        V1, run.resolve("checkpoints/step-1").toString()));
        assertThat(Checkpoints.latest(run).checkpoint())
                .hasValueSatisfying(c -> assertThat(c.stage()).isEqualTo(CheckpointsTest.stage(1)));
        step(learner, V1);
        String beyondCommit = policies.getFirst().snapshot(V1).sha256();

        learner.tell(new LearnerCommand.TrainBatch(new PolicyVersion(2), List.of(new LeaseId(999))));

        stage.expectMessage(new StageCommand.LearnerReady(V1, learner));
        TablePolicy loaded = policies.getLast();
        TablePolicy expected = new TablePolicy();
        new TrainStepScript().train(expected, 0, 1);
        assertThat(loaded.snapshot(V1).sha256())
                .isEqualTo(expected.snapshot(V1).sha256())
                .isNotEqualTo(beyondCommit);
        assertThat(policies).hasSize(2);
        assertThat(policies.getFirst().closed).isTrue();
    }

    @Test
    void batchOfAnEarlierLifeIsIgnored() {
        ActorRef<LearnerCommand> learner = ready(4, 0);
        learner.tell(new LearnerCommand.TrainBatch(new PolicyVersion(7), List.of(new LeaseId(1))));
        step(learner, V0);
    }

    @Test
    void failedCommitIsToldAndTheRunGoesOn() throws Exception {
        Files.writeString(run.resolve("checkpoints"), "in the way");
        ActorRef<LearnerCommand> learner = ready(4, 0);
        commit(learner, CheckpointsTest.stage(0));
        StageCommand.CheckpointFailed failed = stage.expectMessageClass(StageCommand.CheckpointFailed.class);
        assertThat(failed.version()).isEqualTo(V0);
        assertThat(failed.cause()).contains(run.resolve("checkpoints/step-0").toString());
        step(learner, V0);
    }

    @Test
    void nothingIsCommittedBeforeAllThatItHoldsIsRecorded() throws Exception {
        ActorRef<LearnerCommand> learner = ready(4, 0);
        learner.tell(new LearnerCommand.CommitCheckpoint(CheckpointsTest.stage(0)));
        awaitFlush();
        RecorderCommand.Flush again = awaitFlush();
        assertThat(Checkpoints.latest(run).checkpoint()).isEmpty();
        again.replyTo().tell(new RecorderCommand.Flushed(again.version()));
        stage.expectMessageClass(StageCommand.CheckpointStaged.class);
        assertThat(stage.expectMessageClass(StageCommand.CheckpointCommitted.class)
                        .version())
                .isEqualTo(V0);
    }

    @Test
    void incompleteGroupStopsTheLearner() {
        ActorRef<LearnerCommand> learner = ready(2, 0);
        offer(learner, List.of(Trajectories.of(1, 0, 1, 0)));
        learner.tell(new LearnerCommand.TrainBatch(V0, List.of(new LeaseId(1))));
        KIT.createTestProbe().expectTerminated(learner);
    }

    @Test
    void runWithOnlyDamagedCheckpointsDoesNotStartOver() throws Exception {
        Files.createDirectories(run.resolve("checkpoints/step-5"));
        ActorRef<LearnerCommand> learner = KIT.spawn(behavior(this::newPolicy, 4, 0));
        KIT.createTestProbe().expectTerminated(learner);
        assertThat(policies).singleElement().satisfies(p -> assertThat(p.closed).isTrue());
        stage.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void policyIsMadeUsedAndClosedOnOneThread() {
        List<Thread> makers = Collections.synchronizedList(new ArrayList<>());
        ActorRef<LearnerCommand> learner = ready(
                () -> {
                    makers.add(Thread.currentThread());
                    return newPolicy();
                },
                4,
                0);
        step(learner, V0);
        commit(learner, CheckpointsTest.stage(1));
        stage.expectMessageClass(StageCommand.CheckpointStaged.class);
        stage.expectMessageClass(StageCommand.CheckpointCommitted.class);
        KIT.stop(learner);
        assertThat(policies.getFirst().closed).isTrue();
        assertThat(policies.getFirst().callers).containsExactlyElementsOf(makers);
    }

    private void commit(ActorRef<LearnerCommand> learner, StageSnapshot snapshot) {
        learner.tell(new LearnerCommand.CommitCheckpoint(snapshot));
        RecorderCommand.Flush flush = awaitFlush();
        flush.replyTo().tell(new RecorderCommand.Flushed(flush.version()));
    }

    private RecorderCommand.Flush awaitFlush() {
        List<RecorderCommand> told = recorder.fishForMessage(
                Duration.ofSeconds(30),
                message -> message instanceof RecorderCommand.Flush
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        return (RecorderCommand.Flush) told.getLast();
    }

    private void step(ActorRef<LearnerCommand> learner, PolicyVersion from) {
        step(learner, from, TrainStepScript.groups(policies.getLast(), from));
    }

    private void step(ActorRef<LearnerCommand> learner, PolicyVersion from, List<Group> groups) {
        train(learner, from, groups);
        assertThat(stage.expectMessageClass(StageCommand.StepCommitted.class).version())
                .isEqualTo(from.next());
    }

    /// Offers all samples, waits until the stage controller would know, and has the groups trained.
    private void train(ActorRef<LearnerCommand> learner, PolicyVersion from, List<Group> groups) {
        for (Group group : groups) {
            offer(learner, group.samples());
            group.samples().forEach(_ -> stage.expectMessageClass(StageCommand.SampleArrived.class));
            stage.expectMessageClass(StageCommand.GroupReady.class);
        }
        learner.tell(new LearnerCommand.TrainBatch(
                from, groups.stream().map(Group::lease).toList()));
    }

    private static void offer(ActorRef<LearnerCommand> learner, List<ScoredRollout> samples) {
        samples.forEach(sample -> learner.tell(new LearnerCommand.OfferTrajectory(sample)));
    }

    private ActorRef<LearnerCommand> ready(int groupSize, int maxStaleness) {
        return ready(this::newPolicy, groupSize, maxStaleness);
    }

    private ActorRef<LearnerCommand> ready(Supplier<TrainablePolicy> factory, int groupSize, int maxStaleness) {
        ActorRef<LearnerCommand> learner = KIT.spawn(behavior(factory, groupSize, maxStaleness));
        stage.expectMessage(new StageCommand.LearnerReady(V0, learner));
        Manifest manifest =
                publisher.expectMessageClass(ToPublisher.Publish.class).manifest();
        recorder.expectMessage(new RecorderCommand.RecordFact(new RunFact.WeightsMade(V0, manifest.root())));
        return learner;
    }

    private Behavior<LearnerCommand> behavior(Supplier<TrainablePolicy> factory, int groupSize, int maxStaleness) {
        TrainStep step = TrainStep.of(TrainStepScript.SETTINGS, maxStaleness, () -> 0);
        return Learner.create(
                KEY,
                new BatchLimits(groupSize, 4, maxStaleness),
                parent -> TrainStepExecutor.create(
                        factory, step, Checkpoints.in(run, Retention.last(2)), run, LearnerTest::manifest, parent),
                Dispatchers.PINNED,
                stage.getRef(),
                publisher.getRef(),
                recorder.getRef(),
                fetcher.getRef());
    }

    private TablePolicy newPolicy() {
        TablePolicy policy = new TablePolicy();
        policies.add(policy);
        return policy;
    }

    private static Manifest manifest(TablePolicy policy, PolicyVersion version) {
        return manifest(policy.snapshot(version));
    }

    private static Manifest manifest(WeightsSnapshot weights) {
        return new Manifest(weights.version(), weights.sha256(), weights.byteCount(), "memory:");
    }
}
