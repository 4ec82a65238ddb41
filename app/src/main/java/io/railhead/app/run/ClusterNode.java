package io.railhead.app.run;

import com.typesafe.config.Config;
import io.railhead.actors.cluster.ClusterSettings;
import io.railhead.actors.cluster.Node;
import io.railhead.actors.cluster.Role;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.actors.security.Refusals;
import io.railhead.actors.telemetry.RunRecord;
import io.railhead.actors.weights.WeightsExchange;
import io.railhead.actors.weights.WeightsStore;
import io.railhead.actors.weights.port.PortTls;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import io.railhead.learner.Checkpoints.Checkpoint;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;

/// One node of a cluster, from start to end, owned by the calling thread.
///
/// The node with the controller owns the run directory and ends with the run; it goes on with the run that the
/// directory holds, if it holds one. Every other node ends when a controller that it has seen has left, or on a
/// signal.
public final class ClusterNode {
    private static final Duration LOOK = Duration.ofMillis(500);

    private final RunPlan plan;
    private final ClusterSettings settings;
    private final Optional<NodeIdentity> identity;
    private final Path root;
    private final StopRequest stop;

    private ClusterNode(
            RunPlan plan, ClusterSettings settings, Optional<NodeIdentity> identity, Path root, StopRequest stop) {
        this.plan = plan;
        this.settings = settings;
        this.identity = identity;
        this.root = root;
        this.stop = stop;
    }

    /// @param listening hears the node's address when it is up
    /// @param facts hears the run's facts on the node with the controller
    /// @return how the run ended, on the node with the controller
    public static Optional<RunEnded> run(
            Config config, Path root, StopRequest stop, Consumer<String> listening, Consumer<RunFact> facts)
            throws IOException, CheckpointException, InterruptedException {
        ClusterSettings settings = ClusterSettings.from(config);
        Optional<NodeIdentity> identity = NodeIdentity.of(config);
        Node.requireFitting(identity, settings);
        ClusterNode node = new ClusterNode(RunPlan.of(config), settings, identity, root, stop);
        node.requireFreePort();
        node.plan.requireDevices(node.settings.roles());
        return node.settings.roles().contains(Role.CONTROLLER)
                ? Optional.of(node.controlling(listening, facts))
                : node.serving(listening);
    }

    /// So that a port in use is found before anything is written. Pekko finds out what slips through.
    private void requireFreePort() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(settings.host(), settings.port()));
        } catch (IOException e) {
            throw new UsageException(
                    "cannot listen on %s:%d (cluster.host, cluster.port): %s"
                            .formatted(settings.host(), settings.port(), e.getMessage()),
                    e);
        }
    }

    private RunEnded controlling(Consumer<String> listening, Consumer<RunFact> facts)
            throws IOException, CheckpointException, InterruptedException {
        boolean known = RunDirectory.holdsRun(root);
        if (!known) {
            RunDirectory.refuseUnlessVacant(root);
        }
        Optional<Checkpoint> from = Checkpoints.latest(root).checkpoint();
        RunWatch watch = new RunWatch(plan.run(), stop);
        try (RunDirectory directory = known ? RunDirectory.open(root) : RunDirectory.create(root, plan.config());
                RunLog _ = RunLog.into(directory.log());
                WeightsExchange exchange = exchange()) {
            Life life = Life.begin(root, from, settings.host());
            RunRecord record = RunRecord.open(
                    root, plan.telemetry(), from.map(Checkpoint::version).orElse(PolicyVersion.BASE), life.fence());
            NodeParts parts = NodeParts.clustered(plan, root, life, exchange, from, Optional.of(record), facts);
            Node<Guardian.Command> node = start(parts.alsoTelling(watch::onFact), watch.ended());
            try {
                listening.accept(node.address());
                return watch.await(node.system());
            } finally {
                EmbeddedRun.terminate(node);
            }
        }
    }

    private Optional<RunEnded> serving(Consumer<String> listening) throws IOException, InterruptedException {
        try (WeightsExchange exchange = exchange()) {
            NodeParts parts = NodeParts.clustered(
                    plan, root, Life.present(root), exchange, Optional.empty(), Optional.empty(), _ -> {});
            CompletableFuture<RunEnded> failed = new CompletableFuture<>();
            Node<Guardian.Command> node = start(parts, failed);
            try {
                listening.accept(node.address());
                awaitGoodbye(node.system(), failed);
                return failed.isDone() ? Optional.of(failed.join()) : Optional.empty();
            } finally {
                EmbeddedRun.terminate(node);
            }
        }
    }

    /// The node's weights port, which listens from now on.
    private WeightsExchange exchange() throws IOException {
        return WeightsExchange.listening(
                new WeightsStore(plan.weights().keepVersions()),
                plan.weights(),
                settings.host(),
                identity.map(PortTls::of),
                identity.map(NodeIdentity::refusals).orElseGet(() -> new Refusals(Clock.systemUTC())));
    }

    private Node<Guardian.Command> start(NodeParts parts, CompletableFuture<RunEnded> ended) {
        return Node.clustered(
                Guardian.create(settings.roles(), parts, ended),
                settings,
                EmbeddedRun.NO_HOOK.withFallback(plan.config()),
                identity);
    }

    private void awaitGoodbye(ActorSystem<Guardian.Command> system, CompletableFuture<RunEnded> failed)
            throws InterruptedException {
        CountDownLatch terminated = new CountDownLatch(1);
        system.getWhenTerminated().whenComplete((_, _) -> terminated.countDown());
        boolean seen = false;
        boolean there = false;
        while (!stop.isRequested() && !failed.isDone() && !(seen && !there)) {
            if (terminated.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            there = StreamSupport.stream(
                            Cluster.get(system).state().getMembers().spliterator(), false)
                    .anyMatch(member -> member.hasRole(Role.CONTROLLER.label()));
            seen = seen || there;
        }
    }
}
