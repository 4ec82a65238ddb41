package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.railhead.actors.SettableClock;
import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.wire.FrameLimit;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.PolicyVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StageControllerTest {
    private static final PolicyVersion V0 = PolicyVersion.BASE;
    private static final PolicyVersion V1 = V0.next();
    private static final LeaseId FIRST = new LeaseId(0);
    private static final LeaseId SECOND = new LeaseId(1);
    private static final StageSettings SYNCHRONOUS = Settings.of(
            "steps = 1",
            "groups-per-step = 2",
            "group-size = 2",
            "max-staleness = 0",
            "lease-timeout = 5s",
            "max-consecutive-failures = 3",
            "tick = 1s");

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(kit.system());
    private final SettableClock clock = new SettableClock(Instant.EPOCH);
    private final TestProbe<RolloutCommand> worker = kit.createTestProbe();
    private final TestProbe<LearnerCommand> learner = kit.createTestProbe();
    private final TestProbe<RecorderCommand> recorder = kit.createTestProbe();
    private final TestProbe<StageCommand.RunEnded> listener = kit.createTestProbe();
    private final Set<ActorRef<?>> strangers = ConcurrentHashMap.newKeySet();

    @AfterEach
    void stopActors() {
        kit.shutdownTestKit();
    }

    @Test
    void grantsTrainsCommitsAndEndsTheRun() {
        ActorRef<StageCommand> controller = controller(Prompts.of(5, "a"));
        controller.tell(new StageCommand.RequestLeases("w", V0, 4, worker.getRef()));
        worker.expectNoMessage(); // no learner yet
        controller.tell(new StageCommand.LearnerReady(V0, learner.getRef()));

        List<Lease> leases = granted(worker);
        assertThat(leases).extracting(Lease::id).containsExactly(FIRST, SECOND);
        makeReady(controller, FIRST);
        makeReady(controller, SECOND);
        assertThat(learner.receiveMessage()).isEqualTo(new LearnerCommand.TrainBatch(V0, List.of(FIRST, SECOND)));
        controller.tell(new StageCommand.StepCommitted(V1, List.of(FIRST, SECOND), Map.of("loss/policy", 0.5)));
        assertThat(learner.expectMessageClass(LearnerCommand.CommitCheckpoint.class)
                        .stage()
                        .version())
                .isEqualTo(V1);
        listener.expectNoMessage(); // not before the commit is durable
        controller.tell(new StageCommand.CheckpointCommitted(V1, "step-1"));

        assertThat(listener.receiveMessage())
                .isEqualTo(new StageCommand.RunEnded(
                        V1, new LedgerCounts(2, 2, 0, 0, 0, 0), StageCommand.RunEnded.Outcome.FINISHED, ""));
        assertThat(facts(6))
                .extracting(fact -> fact.getClass().getSimpleName())
                .containsExactly(
                        "LeaseIssued", "LeaseIssued", "LeaseEnded", "LeaseEnded", "StepFinished", "CheckpointWritten");
    }

    @Test
    void aLeaseThatExpiresIsRevokedAndGrantedAgainForItsMissingSamples() {
        ActorRef<StageCommand> controller = controller(Prompts.of(5, "a"));
        controller.tell(new StageCommand.LearnerReady(V0, learner.getRef()));
        controller.tell(new StageCommand.RequestLeases("w", V0, 4, worker.getRef()));
        granted(worker);
        controller.tell(new StageCommand.SampleArrived(FIRST, 1, V0));
        makeReady(controller, SECOND);

        passTime(Duration.ofSeconds(6));

        assertThat(worker.receiveMessage()).isEqualTo(new RolloutCommand.LeasesRevoked(List.of(FIRST)));
        controller.tell(new StageCommand.RequestLeases("w", V0, 4, worker.getRef()));
        Lease again = granted(worker).getFirst();
        assertThat(again.id()).isEqualTo(FIRST);
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.sampleIndices()).containsExactly(0);
    }

    @Test
    void aWorkerWhoseNodeIsNoMemberYetIsHeardWhenItAsksAgain() {
        strangers.add(worker.getRef());
        ActorRef<StageCommand> controller = controller(Prompts.of(5, "a"));
        controller.tell(new StageCommand.LearnerReady(V0, learner.getRef()));
        controller.tell(new StageCommand.RequestLeases("w", V0, 4, worker.getRef()));
        worker.expectNoMessage();
        strangers.clear();
        controller.tell(new StageCommand.RequestLeases("w", V0, 4, worker.getRef()));
        assertThat(granted(worker)).extracting(Lease::id).containsExactly(FIRST, SECOND);
    }

    @Test
    void theLeasesOfATerminatedWorkerGoToAnother() {
        ActorRef<StageCommand> controller = controller(Prompts.of(5, "a"));
        controller.tell(new StageCommand.LearnerReady(V0, learner.getRef()));
        controller.tell(new StageCommand.RequestLeases("w", V0, 4, worker.getRef()));
        List<Lease> before = granted(worker);

        worker.stop();
        TestProbe<RolloutCommand> other = kit.createTestProbe();
        controller.tell(new StageCommand.RequestLeases("x", V0, 4, other.getRef()));

        assertThat(granted(other))
                .extracting(Lease::id, Lease::attempt, Lease::seed)
                .containsExactly(
                        tuple(FIRST, 2, before.get(0).seed()),
                        tuple(SECOND, 2, before.get(1).seed()));
    }

    @Test
    void aPromptThatCannotBeLoadedFailsItsLeaseAndTheRunGoesOnWithTheOthers() {
        Prompts five = Prompts.of(5, "a");
        String broken = StageState.start(SYNCHRONOUS, five.catalogue(), clock.instant())
                .curriculum()
                .draw(0)
                .promptId();
        ActorRef<StageCommand> controller = controller(five.without(broken));
        controller.tell(new StageCommand.LearnerReady(V0, learner.getRef()));
        controller.tell(new StageCommand.RequestLeases("w", V0, 4, worker.getRef()));

        assertThat(granted(worker)).extracting(Lease::id).containsExactly(SECOND);
        makeReady(controller, SECOND);
        assertThat(learner.receiveMessage()).isEqualTo(new LearnerCommand.DropGroups(List.of(FIRST)));
        controller.tell(new StageCommand.RequestLeases("w", V0, 4, worker.getRef()));
        assertThat(granted(worker)).extracting(Lease::id).containsExactly(new LeaseId(2));
    }

    @Test
    void aPromptWhosePictureIsTooBigForAMessageFailsItsLeaseAndTheRunGoesOnWithTheOthers() {
        Prompts five = Prompts.of(5, "a");
        String big = StageState.start(SYNCHRONOUS, five.catalogue(), clock.instant())
                .curriculum()
                .draw(0)
                .promptId();
        EncodedImage picture = EncodedImage.of(new byte[40_000]);
        ActorRef<StageCommand> controller = controller(five.showing(big, picture), new FrameLimit(32 << 10));
        controller.tell(new StageCommand.LearnerReady(V0, learner.getRef()));
        controller.tell(new StageCommand.RequestLeases("w", V0, 4, worker.getRef()));

        assertThat(granted(worker)).extracting(Lease::id).containsExactly(SECOND);
        assertThat(facts(3).stream()
                        .filter(RunFact.LeaseEnded.class::isInstance)
                        .map(fact -> ((RunFact.LeaseEnded) fact).cause()))
                .containsExactly("prompt %1$s cannot be loaded: picture %2$s of prompt %1$s has 40000 bytes,"
                                .formatted(big, picture.sha256())
                        + " more than railhead.cluster.maximum-frame-size = 32768 lets through: 30720");
    }

    @Test
    void aGrantThatIsTooBigForOneMessageGoesOnInTheNext() {
        ActorRef<StageCommand> controller =
                controller(Prompts.of(5, "a").asking("?".repeat(20_000)), new FrameLimit(32 << 10));
        controller.tell(new StageCommand.LearnerReady(V0, learner.getRef()));
        controller.tell(new StageCommand.RequestLeases("w", V0, 4, worker.getRef()));

        List<RolloutCommand.LeasesGranted> messages = List.of(
                worker.expectMessageClass(RolloutCommand.LeasesGranted.class),
                worker.expectMessageClass(RolloutCommand.LeasesGranted.class));
        assertThat(messages)
                .extracting(
                        message -> message.leases().stream().map(Lease::id).toList(),
                        RolloutCommand.LeasesGranted::more)
                .containsExactly(tuple(List.of(FIRST), true), tuple(List.of(SECOND), false));
    }

    @Test
    void aRunWithoutAnyLoadablePromptFailsAndNamesTheCause() {
        ActorRef<StageCommand> controller = controller(Prompts.of(2, "a").without("a-0", "a-1"));
        controller.tell(new StageCommand.LearnerReady(V0, learner.getRef()));
        controller.tell(new StageCommand.RequestLeases("w", V0, 4, worker.getRef()));

        StageCommand.RunEnded end = listener.receiveMessage();

        assertThat(end.outcome()).isEqualTo(StageCommand.RunEnded.Outcome.FAILED);
        assertThat(end.cause()).contains("3 leases in a row failed").contains("cannot read a-");
    }

    @Test
    void stopCommitsAndAnswers() {
        ActorRef<StageCommand> controller = controller(Prompts.of(5, "a"));
        controller.tell(new StageCommand.LearnerReady(V0, learner.getRef()));
        controller.tell(new StageCommand.RequestLeases("w", V0, 4, worker.getRef()));
        granted(worker);
        TestProbe<StageCommand.RunEnded> caller = kit.createTestProbe();

        controller.tell(new StageCommand.Stop(caller.getRef()));
        var commit = learner.expectMessageClass(LearnerCommand.CommitCheckpoint.class);
        assertThat(commit.stage().open()).hasSize(2);
        controller.tell(new StageCommand.CheckpointCommitted(V0, "step-0"));

        StageCommand.RunEnded end = caller.receiveMessage();
        assertThat(end.outcome()).isEqualTo(StageCommand.RunEnded.Outcome.STOPPED);
        assertThat(listener.receiveMessage()).isEqualTo(end);
        assertThat(worker.receiveMessage()).isEqualTo(new RolloutCommand.LeasesRevoked(List.of(FIRST, SECOND)));
        controller.tell(new StageCommand.Stop(caller.getRef()));
        assertThat(caller.receiveMessage()).isEqualTo(end);
    }

    @Test
    void statusNamesWhoWaitsForWhom() {
        ActorRef<StageCommand> controller = controller(Prompts.of(5, "a"));
        TestProbe<RunStatus> caller = kit.createTestProbe();

        controller.tell(new StageCommand.GetStatus(caller.getRef()));

        assertThat(caller.receiveMessage())
                .isEqualTo(new RunStatus(
                        V0,
                        "flat",
                        LedgerCounts.ZERO,
                        0,
                        RunStatus.Demand.NONE,
                        List.of(
                                new RunStatus.Wait("stage controller", "a learner at v0", "1970-01-01T00:00:00Z"),
                                new RunStatus.Wait(
                                        "stage controller",
                                        "free samples of 0 rollout workers",
                                        "1970-01-01T00:00:00Z"))));
    }

    private ActorRef<StageCommand> controller(PromptSource prompts) {
        return controller(prompts, FrameLimit.NONE);
    }

    private ActorRef<StageCommand> controller(PromptSource prompts, FrameLimit frames) {
        StageState start = StageState.start(SYNCHRONOUS, prompts.catalogue(), clock.instant());
        return kit.spawn(StageController.create(
                start,
                prompts,
                recorder.getRef(),
                listener.getRef(),
                frames,
                actor -> !strangers.contains(actor),
                clock));
    }

    private void passTime(Duration duration) {
        clock.advance(duration);
        time.timePasses(duration);
    }

    private static List<Lease> granted(TestProbe<RolloutCommand> worker) {
        return worker.expectMessageClass(RolloutCommand.LeasesGranted.class).leases();
    }

    private static void makeReady(ActorRef<StageCommand> controller, LeaseId lease) {
        controller.tell(new StageCommand.SampleArrived(lease, 0, V0));
        controller.tell(new StageCommand.SampleArrived(lease, 1, V0));
        controller.tell(new StageCommand.GroupReady(lease, V0, false, 0.5));
    }

    private List<RunFact> facts(int count) {
        return recorder.receiveSeveralMessages(count).stream()
                .map(command -> ((RecorderCommand.RecordFact) command).fact())
                .toList();
    }
}
