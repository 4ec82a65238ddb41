package io.railhead.app.simulate;

import io.railhead.actors.cluster.Membership;
import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import io.railhead.actors.stage.PromptSource;
import io.railhead.actors.stage.StageController;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.stage.StageState;
import io.railhead.actors.virtual.VirtualExecutor;
import io.railhead.actors.virtual.VirtualTime;
import io.railhead.actors.wire.FrameLimit;
import io.railhead.learner.BatchLimits;
import io.railhead.learner.Learner;
import io.railhead.learner.TrainStepExecutor;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.WeightsSnapshot;
import io.railhead.reward.RewardFunction;
import io.railhead.reward.RewardRouter;
import io.railhead.reward.RewardScorer;
import io.railhead.reward.RewardSettings;
import io.railhead.rollout.RolloutSettings;
import io.railhead.rollout.RolloutWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/// The top of a run in virtual time: the roles' actors, wired to each other directly.
///
/// Does not know: what a device costs, what is measured.
public final class SimulatedRun {
    private SimulatedRun() {}

    /// All that a run is made of.
    ///
    /// @param engines makes the engines of a worker, by its ordinal
    /// @param trainer stands in for the learner's executor
    /// @param rewardLatency how long the function takes for one response
    /// @param transfer how long weights are on their way to one worker
    /// @param weightsAgain how often workers are told again of the newest weights, where messages are lost
    /// @param ended hears how the run ended
    public record Parts(
            StageSettings stage,
            RolloutSettings rollout,
            RewardSettings reward,
            PromptSource prompts,
            int workers,
            IntFunction<Supplier<GenerationEngine>> engines,
            Function<ActorRef<TrainStepExecutor.Report>, Behavior<TrainStepExecutor.Command>> trainer,
            RewardFunction function,
            Supplier<Duration> rewardLatency,
            Supplier<Duration> transfer,
            Optional<Duration> weightsAgain,
            Behavior<RecorderCommand> recorder,
            Consumer<RunEnded> ended,
            Hops hops) {}

    public static Behavior<Void> create(Parts parts, VirtualTime time) {
        return Behaviors.setup(context -> {
            start(context, parts, time);
            return Behaviors.empty();
        });
    }

    private static void start(ActorContext<Void> context, Parts parts, VirtualTime time) {
        Hops hops = parts.hops();
        ActorRef<RecorderCommand> recorder = context.spawn(parts.recorder(), "recorder");
        ActorRef<StageCommand> stage = context.spawn(
                StageController.create(
                        StageState.start(parts.stage(), parts.prompts().catalogue(), time.now()),
                        parts.prompts(),
                        recorder,
                        context.spawn(listener(parts.ended()), "listener"),
                        FrameLimit.NONE,
                        Membership.EVERYONE,
                        time.clock()),
                "stage-controller");
        List<ActorRef<RolloutCommand>> workers = new ArrayList<>();
        ActorRef<ToPublisher> weights =
                context.spawn(WeightsLine.create(workers, parts.transfer(), parts.weightsAgain(), time), "weights");
        ActorRef<LearnerCommand> learner = context.spawn(
                Behaviors.supervise(learner(context, parts, hops.toStage(context, "learner", stage), weights, recorder))
                        .onFailure(SupervisorStrategy.restart()),
                "learner");
        ActorRef<RewardCommand> rewards = context.spawn(
                RewardRouter.create(
                        parts.reward(),
                        parts.function(),
                        hops.toStage(context, "rewards", stage),
                        hops.toLearner(context, learner),
                        FrameLimit.NONE,
                        new RewardScorer.Threads(() -> new VirtualExecutor(time, parts.rewardLatency()), time.clock())),
                "rewards");
        for (int i = 0; i < parts.workers(); i++) {
            String id = String.format(Locale.ROOT, "worker-%04d", i);
            ActorRef<RolloutCommand> worker = context.spawn(
                    hops.around(
                            id,
                            RolloutWorker.create(
                                    id,
                                    parts.rollout(),
                                    parts.engines().apply(i),
                                    version -> new WeightsSnapshot(version, List.of()),
                                    DispatcherSelector.defaultDispatcher(),
                                    hops.toStage(context, id, stage),
                                    hops.toRewards(context, id, rewards),
                                    context.getSystem().deadLetters(), // simulated prompts have no pictures
                                    FrameLimit.NONE)),
                    id);
            workers.add(hops.toWorker(context, id, worker));
        }
    }

    private static Behavior<LearnerCommand> learner(
            ActorContext<Void> context,
            Parts parts,
            ActorRef<StageCommand> stage,
            ActorRef<ToPublisher> weights,
            ActorRef<RecorderCommand> recorder) {
        StageSettings settings = parts.stage();
        return Learner.create(
                ServiceKey.create(LearnerCommand.class, "learner"),
                new BatchLimits(settings.groupSize(), settings.groupsPerStep(), settings.maxStaleness()),
                parts.trainer(),
                DispatcherSelector.defaultDispatcher(),
                stage,
                weights,
                recorder,
                context.getSystem().deadLetters());
    }

    private static Behavior<RunEnded> listener(Consumer<RunEnded> ended) {
        return Behaviors.receiveMessage(end -> {
            ended.accept(end);
            return Behaviors.same();
        });
    }
}
