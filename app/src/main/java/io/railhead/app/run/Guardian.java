package io.railhead.app.run;

import io.railhead.actors.cluster.Dispatchers;
import io.railhead.actors.cluster.Role;
import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import io.railhead.actors.stage.StageController;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.telemetry.RunRecorder;
import io.railhead.actors.weights.WeightsPublisher;
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
import java.util.concurrent.CompletableFuture;
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

/// The top of a node: starts the actors of its roles and decides what their failures mean.
///
/// | role | child | on failure | work in flight |
/// |---|---|---|---|
/// | controller | run recorder | the run fails: facts would be missing | committed at the last checkpoint |
/// | controller | stage controller | the run fails: the ledger is in its memory | committed at the last checkpoint |
/// | learner | weights publisher | restarted; followers find it again | none: manifests are told again |
/// | learner | learner | the run fails: the weights are in its memory | committed at the last checkpoint |
/// | reward | reward router | restarted with back-off | its samples fail and are issued again |
/// | rollout | rollout node | restarted with back-off, for ever | its leases are issued again |
///
/// A run that fails ends with the cause, and resumes from its last checkpoint.
///
/// Roles find each other through the receptionist, so the same guardian serves one JVM and each node of a cluster.
/// Does not know: what the roles say to each other.
public final class Guardian extends AbstractMatchingBehavior<Guardian.Command> {
    private static final Duration MIN_BACKOFF = Duration.ofMillis(500);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);
    private static final double JITTER = 0.2;
    private static final Logger LOG = LoggerFactory.getLogger(Guardian.class);

    /// What the guardian hears.
    public sealed interface Command {}

    /// Finish the step in hand, commit, end the run.
    public record Stop() implements Command {}

    public record AskStatus(ActorRef<RunStatus> replyTo) implements Command {}

    private record Ended(RunEnded end) implements Command {}

    private final NodeParts parts;
    private final CompletableFuture<RunEnded> ended;
    private final ActorRef<StageCommand> stage;
    private Optional<ActorRef<StageCommand>> controller = Optional.empty();

    /// @param ended completed once, with the run's end; only by the node that has the stage controller
    public static Behavior<Command> create(Set<Role> roles, NodeParts parts, CompletableFuture<RunEnded> ended) {
        return Behaviors.setup(context -> new Guardian(context, roles, parts, ended));
    }

    private Guardian(
            ActorContext<Command> context, Set<Role> roles, NodeParts parts, CompletableFuture<RunEnded> ended) {
        super(context);
        this.parts = parts;
        this.ended = ended;
        this.stage = RoleProxy.spawn(context, ServiceKeys.STAGE_CONTROLLER, StageCommand.class);
        if (roles.contains(Role.CONTROLLER)) {
            startController();
        }
        if (roles.contains(Role.LEARNER)) {
            startLearner();
        }
        if (roles.contains(Role.REWARD)) {
            startReward();
        }
        if (roles.contains(Role.ROLLOUT)) {
            startRollout();
        }
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        return switch (command) {
            case Stop _ -> onStop();
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

    private Behavior<Command> onAskStatus(ActorRef<RunStatus> replyTo) {
        stage.tell(new StageCommand.GetStatus(replyTo));
        return this;
    }

    /// Stops the controller before the others, which it would miss.
    private Behavior<Command> onEnded(RunEnded end) {
        controller.ifPresent(getContext()::stop);
        ended.complete(end);
        return this;
    }

    private Behavior<Command> onLost(ActorRef<Void> child, String cause) {
        fail("the " + child.path().name().replace('-', ' ') + " failed: " + cause);
        return this;
    }

    /// Thread-safe: the recorder's failure comes on its own thread.
    private void fail(String sentence) {
        RunEnded end = new RunEnded(PolicyVersion.BASE, LedgerCounts.ZERO, RunEnded.Outcome.FAILED, sentence);
        if (ended.complete(end)) {
            LOG.error(sentence);
        }
    }

    private void startController() {
        ActorRef<RecorderCommand> recorder = getContext()
                .spawn(
                        RunRecorder.create(
                                parts.record()
                                        .orElseThrow(() -> new IllegalStateException("a controller needs the record")),
                                Clock.systemUTC(),
                                parts.facts(),
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
                        Clock.systemUTC()),
                "stage-controller");
        register(ServiceKeys.STAGE_CONTROLLER, started);
        controller = Optional.of(started);
    }

    private void startLearner() {
        ActorRef<ToPublisher> publisher = getContext()
                .spawn(
                        Behaviors.supervise(WeightsPublisher.create(
                                        parts.plan().weights(), parts.exchange(), Clock.systemUTC()))
                                .onFailure(SupervisorStrategy.restart()),
                        "weights-publisher");
        ActorRef<RecorderCommand> recorder =
                RoleProxy.spawn(getContext(), ServiceKeys.RUN_RECORDER, RecorderCommand.class);
        StageSettings stages = parts.plan().stage();
        TrainStep step = TrainStep.of(parts.plan().learner(), stages.maxStaleness(), System::nanoTime);
        vital(
                Learner.create(
                        new BatchLimits(stages.groupSize(), stages.groupsPerStep(), stages.maxStaleness()),
                        parent -> TrainStepExecutor.create(
                                parts.policies(), step, parts.checkpoints(), parts.publish(), parent),
                        Dispatchers.PINNED,
                        stage,
                        publisher,
                        recorder),
                "learner");
    }

    private void startReward() {
        ActorRef<LearnerCommand> learner = RoleProxy.spawn(getContext(), ServiceKeys.LEARNER, LearnerCommand.class);
        register(
                ServiceKeys.REWARD_SCORER,
                tenacious(RewardRouter.create(parts.plan().reward(), parts.reward(), stage, learner), "reward-router"));
    }

    private void startRollout() {
        ActorRef<RewardCommand> rewards = RoleProxy.spawn(getContext(), ServiceKeys.REWARD_SCORER, RewardCommand.class);
        register(
                ServiceKeys.ROLLOUT_WORKER,
                tenacious(RolloutNode.create(parts.workerId(), parts, stage, rewards), "rollout-node"));
    }

    /// A child without which the run cannot go on.
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
