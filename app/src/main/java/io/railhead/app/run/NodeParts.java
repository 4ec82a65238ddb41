package io.railhead.app.run;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import io.railhead.actors.cluster.ClusterSettings;
import io.railhead.actors.pictures.PictureShelf;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.actors.stage.StageState;
import io.railhead.actors.telemetry.RunRecord;
import io.railhead.actors.weights.WeightsExchange;
import io.railhead.actors.weights.WeightsStore;
import io.railhead.actors.wire.FrameLimit;
import io.railhead.learner.Checkpoints;
import io.railhead.learner.Checkpoints.Checkpoint;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.WeightsSnapshot;
import io.railhead.policy.djl.NativeThreads;
import io.railhead.reward.RewardFunction;
import io.railhead.rollout.ShrinkingEngines;
import io.railhead.rollout.remote.RemoteSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// What the actors of a node are made with. The factories are called on the threads that keep what they make.
///
/// @param life the life of the run that all this is for
/// @param workerId of the first rollout worker, unique in the run; further ones of the node append a number
/// @param exchange the weights that this JVM holds, and its way to those of other nodes; closed by whoever ends
///     the node
/// @param pictures that this node got from the controller's
/// @param frames how big a message to another node may be
/// @param engines of the node's rollout workers, one a device
/// @param publish puts weights where the followers find them
/// @param resumed the checkpoint that the run goes on from
/// @param record the event log and the metrics, open for what comes, on the node that has the controller;
///     closed by the recorder
/// @param facts hears every fact of the run, one after the other
public record NodeParts(
        RunPlan plan,
        Path runDirectory,
        Life life,
        String workerId,
        WeightsExchange exchange,
        PictureShelf pictures,
        FrameLimit frames,
        List<Supplier<GenerationEngine>> engines,
        Supplier<TrainablePolicy> policies,
        Function<WeightsSnapshot, Manifest> publish,
        RewardFunction reward,
        Optional<Checkpoint> resumed,
        Optional<RunRecord> record,
        Consumer<RunFact> facts) {
    public NodeParts {
        engines = List.copyOf(engines);
    }

    /// The parts of a run in one JVM, with the policy on DJL.
    ///
    /// @throws IOException if the run's record cannot be opened
    public static NodeParts embedded(
            RunPlan plan, Path runDirectory, Optional<Checkpoint> resumed, Consumer<RunFact> facts) throws IOException {
        Life life = Life.begin(
                runDirectory, resumed, "pid " + ProcessHandle.current().pid());
        RunRecord record = RunRecord.open(
                runDirectory,
                plan.telemetry(),
                resumed.map(Checkpoint::version).orElse(PolicyVersion.BASE),
                life.fence());
        WeightsStore store = new WeightsStore(plan.weights().keepVersions());
        return new NodeParts(
                plan,
                runDirectory,
                life,
                "rollout-1",
                WeightsExchange.inMemory(store),
                new PictureShelf(0), // all have the bytes
                FrameLimit.NONE,
                engines(plan, store),
                () -> plan.model().trainable(plan.training()),
                store::put,
                plan.reward().function(),
                resumed,
                Optional.of(record),
                facts);
    }

    /// The parts of a cluster node.
    static NodeParts clustered(
            RunPlan plan,
            Path runDirectory,
            Life life,
            WeightsExchange exchange,
            PictureShelf pictures,
            Optional<Checkpoint> resumed,
            Optional<RunRecord> record,
            Consumer<RunFact> facts) {
        WeightsStore store = exchange.store();
        return new NodeParts(
                plan,
                runDirectory,
                life,
                "rollout-" + ProcessHandle.current().pid() + "@"
                        + ClusterSettings.from(plan.config()).host(),
                exchange,
                pictures,
                new FrameLimit(ClusterSettings.from(plan.config()).maximumFrameSize()),
                engines(plan, store),
                () -> plan.model().trainable(plan.training()),
                store::put,
                plan.reward().function(NodeIdentity.of(plan.config()).map(NodeIdentity::sslContext)),
                resumed,
                record,
                facts);
    }

    private static List<Supplier<GenerationEngine>> engines(RunPlan plan, WeightsStore store) {
        Optional<RemoteSettings> remote = plan.rollout().remote();
        if (remote.isPresent()) {
            return List.of(() -> plan.model().remote(remote.get(), store.newest()));
        }
        return plan.policy().engines().stream()
                .<Supplier<GenerationEngine>>map(options -> new ShrinkingEngines(
                        halvings -> SimulatedWaitEngine.over(
                                plan.model().engine(store.newest(), options.halved(halvings)),
                                plan.policy().simulatedWait()),
                        ShrinkingEngines.mostHalvings(
                                options.limits().slots(), plan.stage().groupSize())))
                .toList();
    }

    public NodeParts withReward(RewardFunction other) {
        return new NodeParts(
                plan,
                runDirectory,
                life,
                workerId,
                exchange,
                pictures,
                frames,
                engines,
                policies,
                publish,
                other,
                resumed,
                record,
                facts);
    }

    /// What the life's learner makes its steps with, so that they can be made again.
    RunFact learnerStarted() {
        ConfigObject settings = plan.config().getObject("railhead");
        ConfigObject relevant = settings.withOnlyKey("learner")
                .withFallback(settings.withOnlyKey("policy"))
                .withFallback(settings.withOnlyKey("stage"));
        return new RunFact.LearnerStarted(
                life.incarnation(),
                relevant.render(ConfigRenderOptions.concise()),
                NativeThreads.count(),
                NativeThreads.platform());
    }

    /// Where the run begins, or goes on.
    StageState stageAtStart(Instant now) {
        return resumed.map(checkpoint -> StageState.restore(
                        checkpoint.stage(), plan.stage(), plan.train().catalogue(), now))
                .orElseGet(() -> StageState.start(plan.stage(), plan.train().catalogue(), now));
    }

    Checkpoints checkpoints() {
        return Checkpoints.in(runDirectory, plan.learner().retention()).of(life.birth(), life.fence());
    }

    NodeParts alsoTelling(Consumer<RunFact> listener) {
        return new NodeParts(
                plan,
                runDirectory,
                life,
                workerId,
                exchange,
                pictures,
                frames,
                engines,
                policies,
                publish,
                reward,
                resumed,
                record,
                facts.andThen(listener));
    }

    WeightsStore store() {
        return exchange.store();
    }

    /// @throws IllegalStateException if the store has given the version up
    WeightsSnapshot weights(PolicyVersion version) {
        return store().get(version)
                .orElseThrow(() -> new IllegalStateException(
                        "weights " + version + " are staged, but the node's store holds them no more"));
    }
}
