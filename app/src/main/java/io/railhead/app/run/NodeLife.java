package io.railhead.app.run;

import io.railhead.actors.cluster.Dispatchers;
import io.railhead.actors.cluster.Membership;
import io.railhead.actors.cluster.Role;
import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.pictures.PictureDesk;
import io.railhead.actors.pictures.PictureFetcher;
import io.railhead.actors.pictures.PictureSource;
import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.PictureCommand.ToDesk;
import io.railhead.actors.protocol.PictureCommand.ToFetcher;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import io.railhead.actors.stage.StageController;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.telemetry.RunRecorder;
import io.railhead.actors.weights.WeightsPublisher;
import io.railhead.app.status.NodeGauges;
import io.railhead.app.tracing.LifeTraces;
import io.railhead.app.tracing.RolloutTraces;
import io.railhead.learner.BatchLimits;
import io.railhead.learner.Learner;
import io.railhead.learner.TrainStep;
import io.railhead.learner.TrainStepExecutor;
import io.railhead.policy.PolicyVersion;
import io.railhead.reward.RewardRouter;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a node does in one life of the run: starts the actors of some roles and decides what their failures mean.
///
/// | role | child | on failure | work in flight |
/// |---|---|---|---|
/// | controller | run recorder | the life fails: facts would be missing | committed at the last checkpoint |
/// | controller | stage controller | the life fails: the ledger is in its memory | committed at the last one |
/// | controller | picture desk | restarted | none: pictures are asked for again |
/// | learner, rollout | picture fetcher | goes on with its state | the message that broke it |
/// | learner | weights publisher | restarted; followers find it again | none: manifests are told again |
/// | learner | learner | the life fails: the weights are in its memory | committed at the last checkpoint |
/// | reward | reward router | restarted with back-off | its samples fail and are issued again |
/// | rollout | rollout node | restarted with back-off, for ever | its leases are issued again |
///
/// Roles find each other through the receptionist under the keys of this life. Whoever starts this actor hears
/// how the life ended, and stops it.
///
/// Does not know: what the roles say to each other, other lives.
final class NodeLife extends AbstractMatchingBehavior<NodeLife.Command> {
    private static final Duration MIN_BACKOFF = Duration.ofMillis(500);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);
    private static final double JITTER = 0.2;
    private static final Logger LOG = LoggerFactory.getLogger(NodeLife.class);

    sealed interface Command {}

    /// Finish the step in hand, commit, end the run.
    record Stop() implements Command {}

    /// Take no more leases; finish what is in hand, or hand it back. The rollout node then stops by itself.
    record Drain(Runnable done) implements Command {}

    record AskStatus(ActorRef<RunStatus> replyTo) implements Command {}

    private record Ended(RunEnded end) implements Command {}

    private final NodeParts parts;
    private final ServiceKeys keys;
    private final NodeGauges gauges;
    private final LifeTraces traces;
    private final Consumer<RunEnded> ended;
    private final ActorRef<StageCommand> stage;
    private Optional<ActorRef<StageCommand>> controller = Optional.empty();
    private Optional<ActorRef<RolloutCommand>> rollout = Optional.empty();
    private Runnable drained = () -> {};

    /// @param ended hears how the life ended, at least once; called on any thread; the first call counts
    /// @param gauges see what passes
    /// @param traces too
    static Behavior<Command> create(
            Set<Role> roles, NodeParts parts, NodeGauges gauges, RolloutTraces traces, Consumer<RunEnded> ended) {
        return Behaviors.setup(context -> new NodeLife(
                context, roles, parts, gauges, traces.of(parts.life().incarnation()), ended));
    }

    private NodeLife(
            ActorContext<Command> context,
            Set<Role> roles,
            NodeParts parts,
            NodeGauges gauges,
            LifeTraces traces,
            Consumer<RunEnded> ended) {
        super(context);
        this.gauges = gauges;
        this.traces = traces;
        this.parts = parts;
        this.keys = ServiceKeys.of(parts.life().incarnation());
        this.ended = ended;
        this.stage = RoleProxy.spawn(context, keys.stageController(), StageCommand.class);
        if (roles.contains(Role.CONTROLLER)) {
            startController();
        }
        if (roles.contains(Role.REWARD)) {
            startReward();
        }
        if (roles.contains(Role.LEARNER) || roles.contains(Role.ROLLOUT)) {
            ActorRef<ToFetcher> pictures = startFetcher();
            if (roles.contains(Role.LEARNER)) {
                startLearner(pictures);
            }
            if (roles.contains(Role.ROLLOUT)) {
                startRollout(pictures);
            }
        }
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        return switch (command) {
            case Stop _ -> onStop();
            case Drain(Runnable done) -> onDrain(done);
            case AskStatus(ActorRef<RunStatus> replyTo) -> onAskStatus(replyTo);
            case Ended(RunEnded end) -> onEnded(end);
        };
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        return switch (signal) {
            case ChildFailed failed -> onLost(failed.getRef(), failed.getCause().toString());
            case Terminated stopped -> onLost(stopped.getRef(), "it stopped");
            case Signal _ -> this;
        };
    }

    private Behavior<Command> onStop() {
        stage.tell(new StageCommand.Stop(getContext().messageAdapter(RunEnded.class, Ended::new)));
        return this;
    }

    private Behavior<Command> onDrain(Runnable done) {
        if (rollout.isEmpty()) {
            done.run();
            return this;
        }
        drained = done;
        rollout.get().tell(new RolloutCommand.Drain());
        return this;
    }

    private Behavior<Command> onAskStatus(ActorRef<RunStatus> replyTo) {
        stage.tell(new StageCommand.GetStatus(replyTo));
        return this;
    }

    /// Stops the controller before the others, which it would miss.
    private Behavior<Command> onEnded(RunEnded end) {
        controller.ifPresent(done -> {
            getContext().unwatch(done);
            getContext().stop(done);
        });
        ended.accept(end);
        return this;
    }

    private Behavior<Command> onLost(ActorRef<Void> child, String cause) {
        if (rollout.map(node -> node.path().equals(child.path())).orElse(false)) {
            drained.run();
            return this;
        }
        fail("the " + child.path().name().replace('-', ' ') + " failed: " + cause);
        return this;
    }

    /// Thread-safe: the recorder's failure comes on its own thread.
    private void fail(String sentence) {
        LOG.error(sentence);
        ended.accept(new RunEnded(PolicyVersion.BASE, LedgerCounts.ZERO, RunEnded.Outcome.FAILED, sentence));
    }

    private void startController() {
        PictureSource pictures = new PictureSource(parts.plan().train());
        getContext()
                .spawn(
                        Behaviors.supervise(PictureDesk.create(keys.pictureDesk(), pictures))
                                .onFailure(SupervisorStrategy.restart()),
                        "picture-desk",
                        Dispatchers.BLOCKING);
        ActorRef<RecorderCommand> recorder = getContext()
                .spawn(
                        RunRecorder.create(
                                keys.runRecorder(),
                                parts.record()
                                        .orElseThrow(() -> new IllegalStateException("a controller needs the record")),
                                pictures,
                                Clock.systemUTC(),
                                gauges.recorded().andThen(traces.recorded()).andThen(parts.facts()),
                                failure -> fail("the run's record cannot be written: " + failure.getMessage())),
                        "run-recorder",
                        Dispatchers.BLOCKING);
        getContext().watch(recorder);
        recorder.tell(new RecorderCommand.RecordFact(parts.life().began()));
        ActorRef<RunEnded> end = getContext().messageAdapter(RunEnded.class, Ended::new);
        ActorRef<StageCommand> started = vital(
                StageController.create(
                        parts.stageAtStart(Clock.systemUTC().instant()),
                        parts.plan().train(),
                        recorder,
                        end,
                        parts.frames(),
                        Membership.of(getContext().getSystem()),
                        Clock.systemUTC()),
                "stage-controller");
        register(keys.stageController(), started);
        controller = Optional.of(started);
    }

    private ActorRef<ToFetcher> startFetcher() {
        ActorRef<ToDesk> desk = RoleProxy.spawn(getContext(), keys.pictureDesk(), ToDesk.class);
        return getContext()
                .spawn(
                        Behaviors.supervise(PictureFetcher.create(
                                        parts.pictures(),
                                        desk,
                                        parts.plan().stage().leaseTimeout(),
                                        Clock.systemUTC()))
                                .onFailure(SupervisorStrategy.resume()),
                        "picture-fetcher");
    }

    private void startLearner(ActorRef<ToFetcher> pictures) {
        ActorRef<ToPublisher> publisher = getContext()
                .spawn(
                        Behaviors.supervise(WeightsPublisher.create(
                                        keys.weightsPublisher(),
                                        parts.plan().weights(),
                                        parts.exchange(),
                                        Clock.systemUTC()))
                                .onFailure(SupervisorStrategy.restart()),
                        "weights-publisher");
        ActorRef<RecorderCommand> recorder = RoleProxy.spawn(getContext(), keys.runRecorder(), RecorderCommand.class);
        recorder.tell(new RecorderCommand.RecordFact(parts.learnerStarted()));
        StageSettings stages = parts.plan().stage();
        TrainStep step = TrainStep.of(parts.plan().learner(), stages.maxStaleness(), System::nanoTime);
        vital(
                Learner.create(
                        keys.learner(),
                        new BatchLimits(stages.groupSize(), stages.groupsPerStep(), stages.maxStaleness()),
                        parent -> TrainStepExecutor.create(
                                parts.policies(),
                                step,
                                parts.checkpoints(),
                                parts.runDirectory(),
                                parts.publish(),
                                parent),
                        Dispatchers.PINNED,
                        stage,
                        publisher,
                        recorder,
                        pictures),
                "learner");
    }

    private void startReward() {
        ActorRef<LearnerCommand> learner = RoleProxy.spawn(getContext(), keys.learner(), LearnerCommand.class);
        NodeGauges.Scoring scoring = gauges.scoring();
        ActorRef<RewardCommand> router = tenacious(
                RewardRouter.create(
                        parts.plan().reward(),
                        parts.reward(),
                        getContext().spawn(scoring.toStage(stage), "failed-scores"),
                        getContext().spawn(traces.scored(scoring.toLearner(learner)), "scores"),
                        parts.frames()),
                "reward-router");
        register(keys.rewardScorer(), getContext().spawn(traces.toScore(scoring.before(router)), "rollouts-to-score"));
    }

    private void startRollout(ActorRef<ToFetcher> pictures) {
        ActorRef<RewardCommand> rewards = getContext()
                .spawn(
                        traces.generated(
                                RewardProxy.create(keys, parts.plan().stage().leaseTimeout(), Clock.systemUTC())),
                        "to-reward-actors");
        ActorRef<StageCommand> heard = getContext().spawn(gauges.beforeWorkers(stage), "from-workers");
        ActorRef<RolloutCommand> node = tenacious(
                RolloutNode.create(keys, parts.workerId(), parts, heard, rewards, pictures, traces), "rollout-node");
        getContext().watch(node);
        register(keys.rolloutWorker(), node);
        rollout = Optional.of(node);
    }

    /// A child without which the life cannot go on.
    private <T> ActorRef<T> vital(Behavior<T> behavior, String name) {
        ActorRef<T> child = getContext().spawn(behavior, name);
        getContext().watch(child);
        return child;
    }

    private <T> ActorRef<T> tenacious(Behavior<T> behavior, String name) {
        return getContext()
                .spawn(
                        Behaviors.supervise(behavior)
                                .onFailure(SupervisorStrategy.restartWithBackoff(MIN_BACKOFF, MAX_BACKOFF, JITTER)),
                        name);
    }

    private <T> void register(ServiceKey<T> key, ActorRef<T> actor) {
        getContext().getSystem().receptionist().tell(Receptionist.register(key, actor));
    }
}
