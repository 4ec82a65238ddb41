package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.cluster.Dispatchers;
import io.railhead.actors.incarnation.Birth;
import io.railhead.actors.incarnation.Fence;
import io.railhead.actors.incarnation.FencedException;
import io.railhead.actors.incarnation.Incarnations;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.learner.TrainStepExecutor.Commit;
import io.railhead.learner.TrainStepExecutor.CommitMade;
import io.railhead.learner.TrainStepExecutor.CommitStaged;
import io.railhead.learner.TrainStepExecutor.PolicyLoaded;
import io.railhead.learner.TrainStepExecutor.StepMade;
import io.railhead.learner.TrainStepExecutor.Train;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commits on a disk that takes its time: the last thing before the rename, a look at the fence, waits for the test.
class BackgroundCommitTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final PolicyVersion V0 = PolicyVersion.BASE;
    private static final PolicyVersion V1 = V0.next();

    @TempDir
    Path run;

    private final CountDownLatch disk = new CountDownLatch(1);
    private final TestProbe<TrainStepExecutor.Report> parent = KIT.createTestProbe();
    private final TablePolicy policy = new TablePolicy();
    private Incarnations lives;
    private Checkpoints checkpoints;

    private record SlowFence(Fence fence, CountDownLatch disk) implements Fence {
        @Override
        public Incarnation incarnation() {
            return fence.incarnation();
        }

        @Override
        public void check() throws FencedException {
            try {
                disk.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            fence.check();
        }
    }

    @BeforeEach
    void begin() throws IOException {
        lives = Incarnations.in(run);
        Incarnation life = lives.claim();
        Birth birth = Birth.anew(life);
        lives.begin(birth, "test");
        checkpoints = Checkpoints.in(run, Retention.last(2)).of(birth, new SlowFence(lives.fence(life), disk));
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void trainingGoesOnWhileACommitBecomesDurableAndTheCommitHoldsTheWeightsOfItsVersion() throws Exception {
        ActorRef<TrainStepExecutor.Command> executor = committing();
        PolicyVersion v2 = V1.next();
        executor.tell(new Train(V1, TrainStepScript.groups(policy, V1)));
        assertThat(parent.expectMessageClass(StepMade.class, PATIENCE).version())
                .isEqualTo(v2);
        assertThat(Checkpoints.latest(run).checkpoint()).isEmpty();
        disk.countDown();
        Path made = run.resolve("checkpoints/step-1");
        parent.expectMessage(PATIENCE, new CommitMade(V1, made.toString()));
        TablePolicy loaded = new TablePolicy();
        loaded.load(Checkpoints.latest(run).checkpoint().orElseThrow().directory());
        TablePolicy expected = new TablePolicy();
        new TrainStepScript().train(expected, 0, 1);
        assertThat(loaded.snapshot(V1).sha256()).isEqualTo(expected.snapshot(V1).sha256());
    }

    @Test
    void whoStopsWaitsForTheCommitInHand() throws Exception {
        ActorRef<TrainStepExecutor.Command> executor = committing();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> KIT.stop(executor, PATIENCE));
        parent.expectNoMessage(Duration.ofMillis(100));
        assertThat(policy.closed).isFalse();
        disk.countDown();
        stopped.join();
        assertThat(policy.closed).isTrue();
        assertThat(Checkpoints.latest(run).checkpoint()).isPresent();
    }

    @Test
    void aLifeThatIsOverEndsTheExecutorAndCommitsNothing() throws Exception {
        ActorRef<TrainStepExecutor.Command> executor = committing();
        lives.claim();
        disk.countDown();
        parent.expectTerminated(executor, PATIENCE);
        assertThat(run.resolve("checkpoints")).isEmptyDirectory();
    }

    @Test
    void oneCommitAtATime() throws Exception {
        BackgroundCommit background = new BackgroundCommit(checkpoints, task -> new Thread(task).start());
        Checkpoints.Staged first = checkpoints.stage(CheckpointsTest.stage(1), Optional.empty(), policy::save);
        CompletableFuture<Checkpoints.Committed> made = background.finish(first);
        assertThatThrownBy(() -> background.finish(first))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("asked to commit v1 while another commit is made");
        disk.countDown();
        assertThat(made.join().directory()).isEqualTo(first.target());
        assertThat(background.awaitEnd()).isTrue();
    }

    @Test
    void stepsOfACommitThatFailedCountForTheNext() {
        CommitScore.Tally tally = new CommitScore.Tally("reward/mean");
        tally.add(Map.of("reward/mean", 1.0));
        CommitScore.Tally taken = tally.taken();
        tally.add(Map.of("reward/mean", 0.0));
        assertThat(taken.score()).hasValue(new CommitScore("reward/mean", 1, 1));
        assertThat(tally.score()).hasValue(new CommitScore("reward/mean", 0, 1));
        tally.putBack(taken);
        assertThat(tally.score()).hasValue(new CommitScore("reward/mean", 0.5, 2));
    }

    /// At v1, whose commit is written aside and waits for the disk.
    private ActorRef<TrainStepExecutor.Command> committing() {
        TrainStep step = TrainStep.of(TrainStepScript.SETTINGS, 0, () -> 0);
        ActorRef<TrainStepExecutor.Command> executor = KIT.spawn(
                TrainStepExecutor.create(
                        () -> policy,
                        step,
                        checkpoints,
                        run,
                        weights -> new Manifest(weights.version(), weights.sha256(), weights.byteCount(), "memory:"),
                        parent.ref()),
                Dispatchers.PINNED);
        parent.expectMessageClass(PolicyLoaded.class, PATIENCE);
        executor.tell(new Train(V0, TrainStepScript.groups(policy, V0)));
        List<?> trained = parent.expectMessageClass(StepMade.class, PATIENCE).trained();
        assertThat(trained).hasSize(2);
        executor.tell(new Commit(CheckpointsTest.stage(1)));
        parent.expectMessage(
                PATIENCE, new CommitStaged(V1, run.resolve("checkpoints/step-1").toString()));
        return executor;
    }
}
