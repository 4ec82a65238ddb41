package io.railhead.learner;

import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.protocol.WeightsCommand;
import io.railhead.learner.GroupBuffer.Admission;
import io.railhead.policy.PolicyVersion;
import java.util.List;
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
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/// Collects trajectories into groups, and has versions made of them. One a run; always responsive, since its
/// [TrainStepExecutor] child does all that takes time.
///
/// The conversation: reward actors offer trajectories; the stage controller is told of each first copy
/// (`SampleArrived`) and each whole group (`GroupReady`), and says what to train (`TrainBatch`), what to forget
/// (`DropGroups`) and when to make all of it durable (`CommitCheckpoint`). Weights go to the publisher by manifest
/// before the stage controller hears of their version.
///
/// - loading -> idle: the policy is loaded; its weights are published, the learner registers itself under
///   [ServiceKeys#LEARNER] and says `LearnerReady`. Nothing that comes before that is kept: it was meant for an
///   earlier life
/// - idle -> training on `TrainBatch`; training -> idle with `StepCommitted`
/// - in idle and training alike: trajectories, dropped groups, commits (which the executor does in turn)
/// - any -> failed, when the executor fails, or when asked for a step that the buffer does not have the groups of
///
/// Delivery: trajectories are at most once; a second copy or a late one is dropped, and an unusable one is told to
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

    private record State(Phase phase, PolicyVersion version, GroupBuffer buffer) {
        State with(GroupBuffer next) {
            return new State(phase, version, next);
        }
    }

    private final BatchLimits limits;
    private final ActorRef<TrainStepExecutor.Command> executor;
    private final ActorRef<StageCommand> stage;
    private final ActorRef<WeightsCommand.ToPublisher> publisher;
    private final ActorRef<RecorderCommand> recorder;

    private State state;

    /// @param executors makes the executor's behavior for the parent that it reports to
    /// @param dispatcher of the executor: pinned, with a thread that lives as long as the executor
    public static Behavior<LearnerCommand> create(
            BatchLimits limits,
            Function<ActorRef<TrainStepExecutor.Report>, Behavior<TrainStepExecutor.Command>> executors,
            DispatcherSelector dispatcher,
            ActorRef<StageCommand> stage,
            ActorRef<WeightsCommand.ToPublisher> publisher,
            ActorRef<RecorderCommand> recorder) {
        return Behaviors.setup(
                context -> new Learner(context, limits, executors, dispatcher, stage, publisher, recorder));
    }

    private Learner(
            ActorContext<LearnerCommand> context,
            BatchLimits limits,
            Function<ActorRef<TrainStepExecutor.Report>, Behavior<TrainStepExecutor.Command>> executors,
            DispatcherSelector dispatcher,
            ActorRef<StageCommand> stage,
            ActorRef<WeightsCommand.ToPublisher> publisher,
            ActorRef<RecorderCommand> recorder) {
        super(context);
        this.limits = limits;
        this.stage = stage;
        this.publisher = publisher;
        this.recorder = recorder;
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
            case LearnerCommand.TrainBatch(PolicyVersion from, List<LeaseId> groups) -> onTrainBatch(from, groups);
            case LearnerCommand.DropGroups(List<LeaseId> groups) -> onDropGroups(groups);
            case LearnerCommand.CommitCheckpoint(StageSnapshot snapshot) -> onCommitCheckpoint(snapshot);
            case LearnerCommand.Internal internal -> onReport((TrainStepExecutor.Report) internal);
        };
    }

    private Behavior<LearnerCommand> onReport(TrainStepExecutor.Report report) {
        return switch (report) {
            case TrainStepExecutor.PolicyLoaded loaded -> onPolicyLoaded(loaded);
            case TrainStepExecutor.StepMade made -> onStepMade(made);
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

    private Behavior<LearnerCommand> onOfferTrajectory(ScoredRollout trajectory) {
        GroupBuffer.Offer offer = state.buffer().offer(trajectory);
        state = state.with(offer.next());
        Rollout rollout = trajectory.rollout();
        switch (offer.admission()) {
            case Admission.Arrived() -> take(trajectory);
            case Admission.Completed(Group group) -> {
                take(trajectory);
                stage.tell(new StageCommand.GroupReady(
                        group.lease(), group.oldest(), group.zeroVariance(), group.correctShare()));
            }
            case Admission.Duplicate(), Admission.Late() ->
                getContext()
                        .getLog()
                        .debug("dropped lease={} sample={}: known or ended", rollout.lease(), rollout.sampleIndex());
            case Admission.Refused(String cause) -> {
                getContext()
                        .getLog()
                        .warn("refused lease={} sample={}: {}", rollout.lease(), rollout.sampleIndex(), cause);
                stage.tell(new StageCommand.SampleFailed(
                        rollout.lease(), rollout.attempt(), rollout.sampleIndex(), cause));
            }
        }
        return this;
    }

    private void take(ScoredRollout trajectory) {
        Rollout rollout = trajectory.rollout();
        recorder.tell(new RecorderCommand.RecordFact(new RunFact.TrajectoryTaken(trajectory)));
        stage.tell(new StageCommand.SampleArrived(
                rollout.lease(), rollout.sampleIndex(), rollout.response().oldestVersion()));
    }

    private Behavior<LearnerCommand> onTrainBatch(PolicyVersion from, List<LeaseId> groups) {
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
        executor.tell(new TrainStepExecutor.Train(from, taken.groups()));
        return this;
    }

    private Behavior<LearnerCommand> onDropGroups(List<LeaseId> groups) {
        state = state.with(state.buffer().drop(groups));
        return this;
    }

    private Behavior<LearnerCommand> onCommitCheckpoint(StageSnapshot snapshot) {
        executor.tell(new TrainStepExecutor.Commit(snapshot));
        return this;
    }

    private Behavior<LearnerCommand> onPolicyLoaded(TrainStepExecutor.PolicyLoaded loaded) {
        state = new State(Phase.IDLE, loaded.version(), state.buffer());
        publisher.tell(new WeightsCommand.ToPublisher.Publish(loaded.manifest()));
        getContext()
                .getSystem()
                .receptionist()
                .tell(Receptionist.register(ServiceKeys.LEARNER, getContext().getSelf()));
        return tellStage(
                new StageCommand.LearnerReady(loaded.version(), getContext().getSelf()));
    }

    private Behavior<LearnerCommand> onStepMade(TrainStepExecutor.StepMade made) {
        if (made.metrics().getOrDefault(LearnerMetrics.SKIPPED_STEPS, 0.0) > 0) {
            getContext()
                    .getLog()
                    .warn("an optimiser step to {} was left out: its gradient is not finite", made.version());
        }
        long floor = Math.max(0, made.version().number() - limits.maxStaleness());
        state = new State(Phase.IDLE, made.version(), state.buffer().dropOlderThan(new PolicyVersion(floor)));
        publisher.tell(new WeightsCommand.ToPublisher.Publish(made.manifest()));
        return tellStage(new StageCommand.StepCommitted(made.version(), made.trained(), made.metrics()));
    }

    private Behavior<LearnerCommand> tellStage(StageCommand command) {
        stage.tell(command);
        return this;
    }
}
