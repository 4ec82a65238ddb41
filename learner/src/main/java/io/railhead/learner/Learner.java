package io.railhead.learner;

import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.PictureCommand.Fetched;
import io.railhead.actors.protocol.PictureCommand.ToFetcher;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.protocol.WeightsCommand;
import io.railhead.learner.GroupBuffer.Admission;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.pcollections.TreePMap;

/// Collects trajectories into groups, and has versions made of them. One a run; always responsive, since its
/// [TrainStepExecutor] child does all that takes time.
///
/// The conversation: reward actors offer trajectories; the stage controller is told of each first copy
/// (`SampleArrived`) and each whole group (`GroupReady`), and says what to train (`TrainBatch`), what to forget
/// (`DropGroups`) and when to make all of it durable (`CommitCheckpoint`). Weights go to the publisher by manifest
/// before the stage controller hears of their version.
///
/// - loading -> idle: the policy is loaded; its weights are published, the learner registers itself under its
///   key and says `LearnerReady`. Nothing that comes before that is kept: it was meant for an earlier life
/// - idle -> training on `TrainBatch`; training -> idle with `StepCommitted`
/// - in idle and training alike: trajectories, dropped groups, commits (which the executor writes aside in turn, when
///   the recorder has written all that they hold, and makes durable beside further steps)
/// - any -> failed, when the executor fails, or when asked for a step that the buffer does not have the groups of
///
/// Delivery: trajectories are at most once; a second copy is dropped and told of as the
/// first was, which heals what was lost on the way to the stage controller; a late one is dropped, and an unusable one
/// is told to
/// the stage controller as `SampleFailed`. On its own failure all trajectories are lost, and all steps since the
/// last commit; its parent starts it again, and `LearnerReady` says from which version.
///
/// Default dispatcher. Does not know: rollout workers, rewards, the curriculum, tensors, files.
public final class Learner extends AbstractMatchingBehavior<LearnerCommand> {
    private enum Phase {
        LOADING,
        IDLE,
        TRAINING
    }

    private static final Duration FLUSH_AGAIN = Duration.ofSeconds(2);
    private static final int FLUSHES = 15;

    private record Flushed(PolicyVersion version) implements LearnerCommand.Internal {}

    private record PicturesFetched(Fetched fetched) implements LearnerCommand.Internal {}

    private record FlushAgain(PolicyVersion version, int times) implements LearnerCommand.Internal {}

    private record State(Phase phase, PolicyVersion version, GroupBuffer buffer) {
        State with(GroupBuffer next) {
            return new State(phase, version, next);
        }
    }

    private final ServiceKey<LearnerCommand> key;
    private final BatchLimits limits;
    private final TimerScheduler<LearnerCommand> timers;
    private final ActorRef<RecorderCommand.Flushed> flushed;
    private final ActorRef<TrainStepExecutor.Command> executor;
    private final ActorRef<StageCommand> stage;
    private final ActorRef<WeightsCommand.ToPublisher> publisher;
    private final ActorRef<RecorderCommand> recorder;
    private final ActorRef<ToFetcher> pictures;
    private final ActorRef<Fetched> fetched;

    private State state;
    private TreePMap<Long, ScoredRollout> withoutPictures = TreePMap.empty(); // by ticket
    private long nextTicket;
    private Optional<StageSnapshot> committing = Optional.empty(); // until the facts that it holds are written

    /// @param key under which reward actors find it
    /// @param executors makes the executor's behavior for the parent that it reports to
    /// @param dispatcher of the executor: pinned, with a thread that lives as long as the executor
    /// @param pictures the node's fetcher
    public static Behavior<LearnerCommand> create(
            ServiceKey<LearnerCommand> key,
            BatchLimits limits,
            Function<ActorRef<TrainStepExecutor.Report>, Behavior<TrainStepExecutor.Command>> executors,
            DispatcherSelector dispatcher,
            ActorRef<StageCommand> stage,
            ActorRef<WeightsCommand.ToPublisher> publisher,
            ActorRef<RecorderCommand> recorder,
            ActorRef<ToFetcher> pictures) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Learner(
                context, timers, key, limits, executors, dispatcher, stage, publisher, recorder, pictures)));
    }

    private Learner(
            ActorContext<LearnerCommand> context,
            TimerScheduler<LearnerCommand> timers,
            ServiceKey<LearnerCommand> key,
            BatchLimits limits,
            Function<ActorRef<TrainStepExecutor.Report>, Behavior<TrainStepExecutor.Command>> executors,
            DispatcherSelector dispatcher,
            ActorRef<StageCommand> stage,
            ActorRef<WeightsCommand.ToPublisher> publisher,
            ActorRef<RecorderCommand> recorder,
            ActorRef<ToFetcher> pictures) {
        super(context);
        this.timers = timers;
        this.flushed = context.messageAdapter(RecorderCommand.Flushed.class, written -> new Flushed(written.version()));
        this.key = key;
        this.limits = limits;
        this.stage = stage;
        this.publisher = publisher;
        this.recorder = recorder;
        this.pictures = pictures;
        this.fetched = context.messageAdapter(Fetched.class, PicturesFetched::new);
        this.executor = context.spawn(executors.apply(context.getSelf().narrow()), "train-step-executor", dispatcher);
        context.watch(executor);
        this.state = new State(
                Phase.LOADING, PolicyVersion.BASE, GroupBuffer.empty(limits.groupSize(), limits.bufferCapacity()));
    }

    @Override
    public Behavior<LearnerCommand> onMessage(LearnerCommand command) {
        if (state.phase() == Phase.LOADING && !(command instanceof LearnerCommand.Internal)) {
            getContext().getLog().debug("not loaded yet, dropped {}", command.getClass());
            return this;
        }
        return switch (command) {
            case LearnerCommand.OfferTrajectory(ScoredRollout trajectory) -> onOfferTrajectory(trajectory);
            case LearnerCommand.TrainBatch(PolicyVersion from, List<LeaseId> groups, double rateFactor) ->
                onTrainBatch(from, groups, rateFactor);
            case LearnerCommand.DropGroups(List<LeaseId> groups) -> onDropGroups(groups);
            case LearnerCommand.CommitCheckpoint(StageSnapshot snapshot) -> onCommitCheckpoint(snapshot);
            case LearnerCommand.Internal internal -> onInternal(internal);
        };
    }

    private Behavior<LearnerCommand> onInternal(LearnerCommand.Internal internal) {
        return switch (internal) {
            case Flushed(PolicyVersion version) -> onFlushed(version);
            case PicturesFetched(Fetched answer) -> onPicturesFetched(answer);
            case FlushAgain(PolicyVersion version, int times) -> flush(version, times);
            case TrainStepExecutor.Report report -> onReport(report);
            default -> throw new IllegalStateException("not of this actor: " + internal); // the branch is open
        };
    }

    private Behavior<LearnerCommand> onReport(TrainStepExecutor.Report report) {
        return switch (report) {
            case TrainStepExecutor.PolicyLoaded loaded -> onPolicyLoaded(loaded);
            case TrainStepExecutor.StepMade made -> onStepMade(made);
            case TrainStepExecutor.StepRefused(PolicyVersion from, String cause, var troubles) ->
                tellStage(new StageCommand.StepRefused(from, cause, troubles));
            case TrainStepExecutor.CommitStaged(PolicyVersion version, String path) ->
                tellStage(new StageCommand.CheckpointStaged(version, path));
            case TrainStepExecutor.CommitMade(PolicyVersion version, String path) ->
                tellStage(new StageCommand.CheckpointCommitted(version, path));
            case TrainStepExecutor.CommitFailed(PolicyVersion version, String cause) ->
                tellStage(new StageCommand.CheckpointFailed(version, cause));
        };
    }

    @Override
    public Behavior<LearnerCommand> onSignal(Signal signal) {
        return switch (signal) {
            case ChildFailed failed ->
                throw new IllegalStateException("the train step executor failed at " + state.version(), failed.cause());
            case Terminated _ -> throw new IllegalStateException("the train step executor stopped by itself");
            default -> this; // signals are not ours to enumerate
        };
    }

    /// What comes from another node names its pictures; it counts as here when they are.
    private Behavior<LearnerCommand> onOfferTrajectory(ScoredRollout trajectory) {
        Prompt prompt = trajectory.rollout().task().prompt();
        if (prompt.isWhole()) {
            return offer(trajectory);
        }
        if (withoutPictures.size() >= limits.mostWithoutPictures()) {
            return failed(trajectory.rollout(), withoutPictures.size() + " trajectories wait for pictures already");
        }
        long ticket = nextTicket++;
        withoutPictures = withoutPictures.plus(ticket, trajectory);
        pictures.tell(new ToFetcher.Fetch(ticket, List.of(prompt), fetched));
        return this;
    }

    private Behavior<LearnerCommand> onPicturesFetched(Fetched answer) {
        ScoredRollout trajectory = withoutPictures.get(answer.ticket());
        if (trajectory == null) {
            return this;
        }
        withoutPictures = withoutPictures.minus(answer.ticket());
        String fault = answer.faultOf(trajectory.rollout().task().prompt());
        return fault.isEmpty() ? offer(trajectory.with(answer.pictures())) : failed(trajectory.rollout(), fault);
    }

    private Behavior<LearnerCommand> offer(ScoredRollout trajectory) {
        if (isTooOld(trajectory.rollout())) {
            arrived(trajectory); // whose lease then ends as stale, if it has not ended already
            return this;
        }
        GroupBuffer.Offer offer = state.buffer().offer(trajectory);
        state = state.with(offer.next());
        Rollout rollout = trajectory.rollout();
        switch (offer.admission()) {
            case Admission.Arrived() -> take(trajectory);
            case Admission.Completed(Group group) -> {
                take(trajectory);
                ready(group);
            }
            case Admission.Duplicate(ScoredRollout kept) -> {
                arrived(kept);
                state.buffer().whole(rollout.lease()).ifPresent(this::ready);
            }
            case Admission.Late() ->
                getContext()
                        .getLog()
                        .debug("dropped lease={} sample={}: ended", rollout.lease(), rollout.sampleIndex());
            case Admission.Refused(String cause) -> failed(rollout, cause);
        }
        return this;
    }

    /// A copy of what was trained long ago, above all: the buffer does not remember all leases that ended. One of a
    /// lease that it knows is looked at by the buffer, which may have a newer copy.
    private boolean isTooOld(Rollout rollout) {
        return !state.buffer().knows(rollout.lease())
                && rollout.response().size() > 0
                && rollout.response().oldestVersion().number() < state.version().number() - limits.maxStaleness();
    }

    private Behavior<LearnerCommand> failed(Rollout rollout, String cause) {
        getContext().getLog().warn("refused lease={} sample={}: {}", rollout.lease(), rollout.sampleIndex(), cause);
        return tellStage(
                new StageCommand.SampleFailed(rollout.lease(), rollout.attempt(), rollout.sampleIndex(), cause));
    }

    private void take(ScoredRollout trajectory) {
        recorder.tell(new RecorderCommand.RecordFact(new RunFact.TrajectoryTaken(trajectory)));
        arrived(trajectory);
    }

    private void ready(Group group) {
        stage.tell(
                new StageCommand.GroupReady(group.lease(), group.oldest(), group.zeroVariance(), group.correctShare()));
    }

    private void arrived(ScoredRollout trajectory) {
        Rollout rollout = trajectory.rollout();
        stage.tell(new StageCommand.SampleArrived(
                rollout.lease(), rollout.sampleIndex(), rollout.response().oldestVersion()));
    }

    private Behavior<LearnerCommand> onTrainBatch(PolicyVersion from, List<LeaseId> groups, double rateFactor) {
        if (!from.equals(state.version())) {
            getContext()
                    .getLog()
                    .warn("asked to train from {} at {}: meant for an earlier life, ignored", from, state.version());
            return this;
        }
        if (state.phase() == Phase.TRAINING) {
            throw new IllegalStateException("asked to train from " + from + " twice");
        }
        GroupBuffer.Taken taken = state.buffer().take(groups);
        state = new State(Phase.TRAINING, from, taken.next());
        executor.tell(new TrainStepExecutor.Train(from, taken.groups(), rateFactor));
        return this;
    }

    private Behavior<LearnerCommand> onDropGroups(List<LeaseId> groups) {
        state = state.with(state.buffer().drop(groups));
        return this;
    }

    /// What a commit holds is in the log before: all facts that this actor and the controller told until now.
    private Behavior<LearnerCommand> onCommitCheckpoint(StageSnapshot snapshot) {
        committing = Optional.of(snapshot);
        return flush(snapshot.version(), 1);
    }

    private Behavior<LearnerCommand> flush(PolicyVersion version, int times) {
        if (committing.filter(snapshot -> snapshot.version().equals(version)).isEmpty()) {
            return this;
        }
        if (times > FLUSHES) {
            committing = Optional.empty();
            return tellStage(new StageCommand.CheckpointFailed(
                    version, "the recorder did not answer %d times in a row".formatted(FLUSHES)));
        }
        recorder.tell(new RecorderCommand.Flush(version, flushed));
        timers.startSingleTimer(FlushAgain.class, new FlushAgain(version, times + 1), FLUSH_AGAIN);
        return this;
    }

    private Behavior<LearnerCommand> onFlushed(PolicyVersion version) {
        committing.filter(snapshot -> snapshot.version().equals(version)).ifPresent(snapshot -> {
            timers.cancel(FlushAgain.class);
            committing = Optional.empty();
            executor.tell(new TrainStepExecutor.Commit(snapshot));
        });
        return this;
    }

    private Behavior<LearnerCommand> onPolicyLoaded(TrainStepExecutor.PolicyLoaded loaded) {
        state = new State(Phase.IDLE, loaded.version(), state.buffer());
        publish(loaded.manifest());
        getContext()
                .getSystem()
                .receptionist()
                .tell(Receptionist.register(key, getContext().getSelf()));
        return tellStage(
                new StageCommand.LearnerReady(loaded.version(), getContext().getSelf()));
    }

    private Behavior<LearnerCommand> onStepMade(TrainStepExecutor.StepMade made) {
        made.shortage().ifPresent(shortage -> {
            getContext().getLog().warn("out of memory: {}; {}", shortage.cause(), shortage.answer());
            recorder.tell(new RecorderCommand.RecordFact(shortage));
        });
        long floor = Math.max(0, made.version().number() - limits.maxStaleness());
        state = new State(Phase.IDLE, made.version(), state.buffer().dropOlderThan(new PolicyVersion(floor)));
        publish(made.manifest());
        return tellStage(
                new StageCommand.StepCommitted(made.version(), made.trained(), made.metrics(), made.troubles()));
    }

    private void publish(WeightsCommand.Manifest manifest) {
        recorder.tell(new RecorderCommand.RecordFact(new RunFact.WeightsMade(manifest.version(), manifest.root())));
        publisher.tell(new WeightsCommand.ToPublisher.Publish(manifest));
    }

    private Behavior<LearnerCommand> tellStage(StageCommand command) {
        stage.tell(command);
        return this;
    }
}
