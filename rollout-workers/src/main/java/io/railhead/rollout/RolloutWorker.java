package io.railhead.rollout;

import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.PictureCommand.Fetched;
import io.railhead.actors.protocol.PictureCommand.ToFetcher;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.wire.FrameLimit;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/// Turns leases into rollouts on one device. Always responsive: all generation is in its child [GenerationExecutor].
///
/// The conversation: it asks the stage controller for leases with its free capacity and the version it serves, after
/// every change and as a heartbeat; hands the leases of one grant to the executor in one message; and sends every
/// response to a reward actor as soon as it ends. Pictures that the node lacks are fetched before. Weights that the
/// node's follower has staged are swapped in between
/// two tokens; the new version is claimed only after that.
///
/// Phases:
/// * *starting*: no engine yet. Nothing is asked for.
/// * *serving* -> *down* when the executor crashes: what was in hand is reported as failed at once. Leases that arrive
///   while down are kept for the next engine.
/// * *down* -> *serving* after a back-off that doubles with each crash in a row. The new engine starts with the newest
///   weights that were staged, so that no lease sees an older version than its floor. After too many crashes in a row
///   the worker itself fails.
/// * *draining*: asks for nothing, finishes what it has until a deadline, stops. What is unfinished then goes back with
///   `WorkerLeft`, as on every other way to stop.
///
/// Promises nothing on its own crash but `WorkerLeft`: the stage controller issues the leases again.
///
/// Does not know: the curriculum, rewards, the learner, how weights travel.
public final class RolloutWorker extends AbstractMatchingBehavior<RolloutCommand> {
    /// Private messages.
    sealed interface Event extends RolloutCommand.Internal permits GenerationExecutor.Report, Timer, PicturesFetched {}

    record PicturesFetched(Fetched fetched) implements Event {}

    enum Timer implements Event {
        HEARTBEAT,
        RESTART_ENGINE,
        DRAIN_DEADLINE
    }

    private final String workerId;
    private final RolloutSettings settings;
    private final Supplier<GenerationEngine> engines;
    private final Function<PolicyVersion, WeightsSnapshot> weights;
    private final DispatcherSelector dispatcher;
    private final ActorRef<StageCommand> stage;
    private final ActorRef<RewardCommand> rewards;
    private final ActorRef<ToFetcher> pictures;
    private final ActorRef<Fetched> fetched;
    private final FrameLimit frames;
    private final TimerScheduler<RolloutCommand> timers;

    private RolloutState state = RolloutState.starting();
    private HeldGrants held = HeldGrants.NONE;
    private Optional<RolloutState.Request> lastRequest = Optional.empty();
    private @Nullable ActorRef<GenerationExecutor.Command> executor;
    private boolean left;

    /// @param workerId unique among the workers of a run
    /// @param engines makes an engine; called, like the engine, on the executor's own thread; may throw
    /// @param weights the contents of a version that this worker was told is staged; throws if they are gone, which
    ///     the engine does not survive
    /// @param dispatcher of the executor: pinned, with a thread that lives as long as the executor
    /// @param pictures the node's fetcher
    /// @param frames what fits between nodes: a rollout that does not is lost
    public static Behavior<RolloutCommand> create(
            String workerId,
            RolloutSettings settings,
            Supplier<GenerationEngine> engines,
            Function<PolicyVersion, WeightsSnapshot> weights,
            DispatcherSelector dispatcher,
            ActorRef<StageCommand> stage,
            ActorRef<RewardCommand> rewards,
            ActorRef<ToFetcher> pictures,
            FrameLimit frames) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new RolloutWorker(
                context, timers, workerId, settings, engines, weights, dispatcher, stage, rewards, pictures, frames)));
    }

    private RolloutWorker(
            ActorContext<RolloutCommand> context,
            TimerScheduler<RolloutCommand> timers,
            String workerId,
            RolloutSettings settings,
            Supplier<GenerationEngine> engines,
            Function<PolicyVersion, WeightsSnapshot> weights,
            DispatcherSelector dispatcher,
            ActorRef<StageCommand> stage,
            ActorRef<RewardCommand> rewards,
            ActorRef<ToFetcher> pictures,
            FrameLimit frames) {
        super(context);
        this.timers = timers;
        this.workerId = workerId;
        this.settings = settings;
        this.engines = engines;
        this.weights = weights;
        this.dispatcher = dispatcher;
        this.stage = stage;
        this.rewards = rewards;
        this.pictures = pictures;
        this.frames = frames;
        this.fetched = context.messageAdapter(Fetched.class, PicturesFetched::new);
        timers.startTimerWithFixedDelay(Timer.HEARTBEAT, settings.heartbeat());
        startEngine();
    }

    @Override
    public Behavior<RolloutCommand> onMessage(RolloutCommand command) {
        return switch (command) {
            case RolloutCommand.LeasesGranted(List<Lease> leases, boolean more) -> onLeasesGranted(leases, more);
            case RolloutCommand.LeasesRevoked(List<LeaseId> leases) -> onLeasesRevoked(leases);
            case RolloutCommand.WeightsStaged(PolicyVersion version) -> onWeightsStaged(version);
            case RolloutCommand.Drain() -> onDrain();
            case RolloutCommand.Internal internal -> onEvent((Event) internal);
        };
    }

    private Behavior<RolloutCommand> onEvent(Event event) {
        return switch (event) {
            case GenerationExecutor.EngineReady(PolicyVersion version, int slots) -> onEngineReady(version, slots);
            case GenerationExecutor.SequenceFinished(FinishedSequence sequence) -> onSequenceFinished(sequence);
            case GenerationExecutor.PromptRefused(String requestId, String cause) -> onPromptRefused(requestId, cause);
            case GenerationExecutor.Swapped(PolicyVersion version) -> onSwapped(version);
            case PicturesFetched(Fetched answer) -> onPicturesFetched(answer);
            case Timer.HEARTBEAT -> onHeartbeat();
            case Timer.RESTART_ENGINE -> startEngine();
            case Timer.DRAIN_DEADLINE -> leave();
        };
    }

    @Override
    public Behavior<RolloutCommand> onSignal(Signal signal) {
        // Pekko queues a child's last reports before its failure, so nothing that it finished is counted as lost.
        if (signal instanceof ChildFailed failed) {
            return onEngineLost(failed.getCause());
        }
        if (signal instanceof PostStop || signal instanceof PreRestart) {
            sayGoodbye();
        }
        return this;
    }

    private Behavior<RolloutCommand> onLeasesGranted(List<Lease> leases, boolean more) {
        RolloutState.Granted granted = state.granted(leases);
        state = granted.next();
        tellFailed(granted.lost(), "the lease asks for a newer version than this worker serves since it started");
        tellExecutor(new GenerationExecutor.Cancel(granted.cancel()));
        held = held.growing(granted.submit());
        if (more) {
            return changed();
        }
        HeldGrants.Grown grown = held.grown();
        held = grown.next();
        tellExecutor(new GenerationExecutor.Submit(state.stillInHand(grown.submit())));
        grown.ticket().ifPresent(ticket -> pictures.tell(new ToFetcher.Fetch(ticket, held.promptsOf(ticket), fetched)));
        return changed();
    }

    /// A lease without all of its pictures is lost, the others of its grant start.
    private Behavior<RolloutCommand> onPicturesFetched(Fetched answer) {
        HeldGrants.Released released = held.released(answer.ticket());
        held = released.next();
        List<Lease> submit = new ArrayList<>();
        for (Lease lease : state.stillInHand(released.grant())) {
            String fault = answer.faultOf(lease.task().prompt());
            if (fault.isEmpty()) {
                submit.add(lease.with(answer.pictures()));
            } else {
                RolloutState.Lost lost = state.refused(LeaseInHand.requestId(lease));
                state = lost.next();
                tellFailed(lost.samples(), fault);
            }
        }
        state = state.completed(submit);
        tellExecutor(new GenerationExecutor.Submit(submit));
        return changed();
    }

    private Behavior<RolloutCommand> onLeasesRevoked(List<LeaseId> leases) {
        RolloutState.Revoked revoked = state.revoked(leases);
        state = revoked.next();
        tellExecutor(new GenerationExecutor.Cancel(revoked.cancel()));
        return changed();
    }

    private Behavior<RolloutCommand> onWeightsStaged(PolicyVersion version) {
        state = state.staged(version);
        return changed();
    }

    private Behavior<RolloutCommand> onDrain() {
        state = state.drain();
        timers.startSingleTimer(Timer.DRAIN_DEADLINE, settings.drainTimeout());
        return changed();
    }

    private Behavior<RolloutCommand> onEngineReady(PolicyVersion version, int slots) {
        state = state.engineReady(version, slots);
        return changed();
    }

    private Behavior<RolloutCommand> onSequenceFinished(FinishedSequence sequence) {
        RolloutState.Finished finished = state.finished(sequence.requestId(), sequence.sampleIndex());
        state = finished.next();
        finished.lease().ifPresent(lease -> deliver(rollout(lease, sequence, workerId)));
        return changed();
    }

    private Behavior<RolloutCommand> onPromptRefused(String requestId, String cause) {
        RolloutState.Lost lost = state.refused(requestId);
        state = lost.next();
        tellFailed(lost.samples(), cause);
        return changed();
    }

    private Behavior<RolloutCommand> onSwapped(PolicyVersion version) {
        state = state.swapped(version);
        return changed();
    }

    private Behavior<RolloutCommand> onHeartbeat() {
        lastRequest = Optional.empty();
        return changed();
    }

    private Behavior<RolloutCommand> onEngineLost(Throwable cause) {
        RolloutState.Lost lost = state.engineLost();
        state = lost.next();
        held = held.cleared();
        executor = null;
        tellFailed(lost.samples(), "engine of " + workerId + " failed: " + cause);
        if (state.crashesInRow() > settings.maxCrashesInRow()) {
            throw new IllegalStateException(
                    "the engine of %s failed %d times in a row".formatted(workerId, state.crashesInRow()), cause);
        }
        Duration pause = settings.backoff(state.crashesInRow());
        getContext()
                .getLog()
                .warn(
                        "engine lost worker={} samples={} restartIn={}",
                        workerId,
                        lost.samples().size(),
                        pause,
                        cause);
        timers.startSingleTimer(Timer.RESTART_ENGINE, pause);
        return changed();
    }

    private Behavior<RolloutCommand> startEngine() {
        ActorRef<GenerationExecutor.Command> started = getContext()
                .spawnAnonymous(
                        GenerationExecutor.create(
                                engines,
                                weights,
                                state.newestStaged(),
                                getContext().getSelf().narrow()),
                        dispatcher);
        getContext().watch(started);
        executor = started;
        tellExecutor(new GenerationExecutor.Submit(held.without(state.inHand())));
        return this;
    }

    /// After every change: leave when drained; else swap if newer weights are there, and ask for what there is room for
    /// unless that was asked already.
    private Behavior<RolloutCommand> changed() {
        if (state.draining() && state.outstandingSamples() == 0) {
            return leave();
        }
        RolloutState.Swapping swapping = state.swap();
        state = swapping.next();
        swapping.version().ifPresent(version -> tellExecutor(new GenerationExecutor.Swap(version)));
        Optional<RolloutState.Request> request = state.request(settings.queueAhead());
        if (!request.equals(lastRequest)) {
            lastRequest = request;
            request.ifPresent(r -> stage.tell(new StageCommand.RequestLeases(
                    workerId, r.serving(), r.freeSamples(), getContext().getSelf())));
        }
        return this;
    }

    private Behavior<RolloutCommand> leave() {
        sayGoodbye();
        return Behaviors.stopped();
    }

    /// Told before stopping, because `PostStop` comes only when the executor has ended its decode step.
    private void sayGoodbye() {
        if (!left) {
            left = true;
            stage.tell(new StageCommand.WorkerLeft(workerId));
        }
    }

    /// While the engine is down nothing is told: the next executor gets the leases in hand and the newest version.
    private void tellExecutor(GenerationExecutor.Command command) {
        if (executor != null) {
            executor.tell(command);
        }
    }

    private void tellFailed(List<SampleKey> samples, String cause) {
        samples.forEach(sample -> stage.tell(
                new StageCommand.SampleFailed(sample.lease(), sample.attempt(), sample.sampleIndex(), cause)));
    }

    private void deliver(Rollout rollout) {
        RewardCommand.ScoreRollout message = new RewardCommand.ScoreRollout(rollout);
        SampleKey sample = new SampleKey(rollout.lease(), rollout.attempt(), rollout.sampleIndex());
        frames.objection(message)
                .ifPresentOrElse(cause -> tellFailed(List.of(sample), cause), () -> rewards.tell(message));
    }

    private static Rollout rollout(Lease lease, FinishedSequence sequence, String workerId) {
        return new Rollout(
                lease.id(),
                lease.attempt(),
                sequence.sampleIndex(),
                lease.stage(),
                lease.task(),
                sequence.promptTokens(),
                sequence.response(),
                sequence.text(),
                sequence.finishReason(),
                workerId);
    }
}
