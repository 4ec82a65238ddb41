package io.railhead.app.crash;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.cluster.Membership;
import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.pictures.PictureSource;
import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.PictureCommand.ToFetcher;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.stage.StageController;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.stage.StageState;
import io.railhead.actors.telemetry.RunRecord;
import io.railhead.actors.telemetry.RunRecorder;
import io.railhead.actors.telemetry.TelemetrySettings;
import io.railhead.actors.virtual.Order;
import io.railhead.actors.virtual.VirtualSystem;
import io.railhead.actors.virtual.VirtualTime;
import io.railhead.actors.weights.WeightsStore;
import io.railhead.actors.wire.FrameLimit;
import io.railhead.app.run.Life;
import io.railhead.learner.BatchLimits;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import io.railhead.learner.Checkpoints.Checkpoint;
import io.railhead.learner.Learner;
import io.railhead.learner.Retention;
import io.railhead.learner.TrainStep;
import io.railhead.learner.TrainStepExecutor;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// One life of a run as [SingleThreadedRun] lives it, with the actors: controller, learner with its executor, and
/// recorder, in virtual time, one message after the other.
final class ActorsRun {
    private static final Config CONFIG = ConfigFactory.load();

    private final VirtualTime time;
    private final VirtualSystem<RunEnded> system;
    private Optional<RunEnded> end = Optional.empty();
    private Optional<String> fault = Optional.empty();

    /// @param workers how many of them sample
    /// @param seed of the order in which actors with something to do get their turn
    ActorsRun(Path root, int staleness, int workers, long seed) throws IOException, CheckpointException {
        this.time = VirtualTime.startingAt(Instant.EPOCH, Order.seeded(seed));
        Optional<Checkpoint> from = Checkpoints.latest(root).checkpoint();
        Life life = Life.begin(root, from, "test");
        PolicyVersion version = from.map(Checkpoint::version).orElse(PolicyVersion.BASE);
        RunRecord record = RunRecord.open(root, new TelemetrySettings(1 << 12, true, 0), version, life.fence());
        Checkpoints checkpoints = Checkpoints.in(root, Retention.last(2)).of(life.birth(), life.fence());
        UnigramTask task = new UnigramTask();
        StageSettings stage = UnigramTask.stage(staleness);
        StageState state = from.map(
                        commit -> StageState.restore(commit.stage(), stage, task.catalogue(), Instant.EPOCH))
                .orElseGet(() -> StageState.start(stage, task.catalogue(), Instant.EPOCH));
        this.system = VirtualSystem.create(
                Behaviors.setup(context -> guardian(context, life, record, root, checkpoints, state, task, workers)),
                CONFIG,
                time);
    }

    private Behavior<RunEnded> guardian(
            ActorContext<RunEnded> context,
            Life life,
            RunRecord record,
            Path root,
            Checkpoints checkpoints,
            StageState state,
            UnigramTask task,
            int workers) {
        StageSettings stage = state.settings();
        ServiceKeys keys = ServiceKeys.of(life.incarnation());
        WeightsStore weights = new WeightsStore(2);
        ActorRef<RecorderCommand> recorder = context.spawn(
                RunRecorder.create(
                        keys.runRecorder(),
                        record,
                        new PictureSource(task),
                        time.clock(),
                        _ -> {},
                        failure -> fault = Optional.of(failure.toString())),
                "recorder");
        recorder.tell(new RecorderCommand.RecordFact(life.began()));
        ActorRef<StageCommand> controller = context.spawn(
                StageController.create(
                        state, task, recorder, context.getSelf(), FrameLimit.NONE, Membership.EVERYONE, time.clock()),
                "stage-controller");
        List<ActorRef<UnigramWorker.Command>> sampling = IntStream.range(0, workers)
                .mapToObj(i -> "worker-" + i)
                .map(id -> context.spawn(
                        UnigramWorker.create(
                                id, controller, () -> weights.newest().orElseThrow()),
                        id))
                .toList();
        TrainStep step = TrainStep.of(UnigramTask.LEARNER, stage.maxStaleness(), time::nanoTime);
        ActorRef<LearnerCommand> learner = context.spawn(
                Learner.create(
                        keys.learner(),
                        new BatchLimits(stage.groupSize(), stage.groupsPerStep(), stage.maxStaleness()),
                        parent -> TrainStepExecutor.create(
                                UnigramPolicy::new, step, checkpoints, root, weights::put, parent),
                        DispatcherSelector.defaultDispatcher(),
                        controller,
                        UnigramWorker.publisher(context, sampling),
                        recorder,
                        context.<ToFetcher>spawn(Behaviors.ignore(), "pictures")),
                "learner");
        sampling.forEach(worker -> worker.tell(new UnigramWorker.Learner(learner)));
        return Behaviors.receiveMessage(ended -> {
            end = Optional.of(ended);
            return Behaviors.same();
        });
    }

    /// Lets one message be handled.
    ///
    /// @return whether the run goes on
    boolean step() {
        if (fault.isPresent() || !system.step()) {
            throw new AssertionError("the run hangs: " + fault.orElse("nobody has anything to do"));
        }
        return end.isEmpty();
    }

    /// Until the run has ended.
    RunEnded run() {
        while (step()) {}
        return end.orElseThrow();
    }

    /// How many messages were handled.
    long messages() {
        return time.tasks();
    }

    /// Ends all actors in order.
    void close() {
        system.close();
    }
}
