package io.railhead.app.run;

import com.typesafe.config.Config;
import io.railhead.actors.cluster.ClusterSettings;
import io.railhead.actors.cluster.Node;
import io.railhead.actors.cluster.Role;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.actors.wire.FrameLimit;
import io.railhead.app.status.HttpSettings;
import io.railhead.app.status.NodeHttp;
import io.railhead.app.tracing.RolloutTraces;
import io.railhead.app.trackers.Trackers;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;

/// One node of a cluster, from start to end, owned by the calling thread.
///
/// Nodes with the controller role share the run directory; the run goes on there with what it holds, if the node's
/// settings are those that it may go on with. A node ends
/// with the run, when it cannot go on, or on a signal. See [ClusterGuardian] for what the signal means.
public final class ClusterNode {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration GOODBYE = Duration.ofSeconds(15); // to leave the cluster in good order

    private final RunPlan plan;
    private final ClusterSettings settings;
    private final Optional<NodeIdentity> identity;
    private final Optional<HttpSettings> http;
    private final Path root;
    private final StopRequest stop;
    private final StopRequest timeUp = new StopRequest();

    private ClusterNode(
            RunPlan plan, ClusterSettings settings, Optional<NodeIdentity> identity, Path root, StopRequest stop) {
        this.plan = plan;
        this.settings = settings;
        this.identity = identity;
        this.http = Optional.of(HttpSettings.from(plan.config())).filter(HttpSettings::isOnForClusterNodes);
        this.root = root;
        this.stop = stop;
    }

    /// @param listening hears the node's addresses when it is up
    /// @param facts hears the run's facts while its head is on this node
    /// @return how the run ended, on a node that could have led it; on others only a failure
    public static Optional<RunEnded> run(
            Config config, Path root, StopRequest stop, Consumer<NodeAddresses> listening, Consumer<RunFact> facts)
            throws IOException, InterruptedException {
        ClusterSettings settings = ClusterSettings.from(config);
        Optional<NodeIdentity> identity = NodeIdentity.of(config);
        Node.requireFitting(identity, settings);
        ClusterNode node = new ClusterNode(RunPlan.of(config), settings, identity, root, stop);
        node.requireFreePort();
        node.http.ifPresent(NodeHttp::requireFreePorts);
        new FrameLimit(settings.maximumFrameSize())
                .requireRoomFor(node.plan.stage().sampling().maxTokens());
        node.plan.requireMachine(node.settings.roles());
        if (!settings.roles().contains(Role.CONTROLLER)) {
            return Optional.of(node.run(listening, facts)).filter(end -> end.outcome() == RunEnded.Outcome.FAILED);
        }
        if (RunDirectory.holdsRun(root)) {
            ResumeRules.accept(RunDirectory.configOf(root), config);
        }
        try (RunDirectory directory = RunDirectory.share(root, node.plan.config());
                RunLog _ = RunLog.into(directory.log());
                Trackers trackers = Trackers.start(node.plan.trackers(), node.plan.config(), root)) {
            RunEnded end = node.run(listening, trackers.andThen(facts));
            trackers.ended(end);
            return Optional.of(end);
        }
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

    private RunEnded run(Consumer<NodeAddresses> listening, Consumer<RunFact> facts)
            throws IOException, InterruptedException {
        CompletableFuture<RunEnded> ended = new CompletableFuture<>();
        String name = settings.host() + ":" + settings.port();
        try (RolloutTraces traces = RolloutTraces.start(plan.config(), root, name, Clock.systemUTC());
                NodeLives lives = new NodeLives(plan, settings, root, identity, traces, facts)) {
            Node<Guardian.Command> node = Node.clustered(
                    ClusterGuardian.create(settings, lives, ended),
                    settings,
                    EmbeddedRun.NO_HOOK.withFallback(plan.config()),
                    identity);
            try {
                Optional<NodeHttp> status = started(node, lives);
                listening.accept(new NodeAddresses(
                        node.address(), status.map(NodeHttp::address), status.map(NodeHttp::healthAddress)));
                RunEnded end = await(node.system(), ended);
                status.ifPresent(NodeHttp::stop);
                return end;
            } finally {
                EmbeddedRun.terminate(node, GOODBYE);
            }
        }
    }

    private Optional<NodeHttp> started(Node<Guardian.Command> node, NodeLives lives) throws InterruptedException {
        return http.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        NodeHttp.start(node.system(), http.get(), identity, lives.sources(node.address(), node::lost)));
    }

    private RunEnded await(ActorSystem<Guardian.Command> system, CompletableFuture<RunEnded> ended)
            throws InterruptedException {
        system.getWhenTerminated().whenComplete((_, _) -> ended.complete(failed("the cluster removed this node")));
        Instant start = Instant.now();
        boolean told = false;
        while (true) {
            try {
                return ended.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                // look at what else could end it
            } catch (ExecutionException e) {
                throw new IllegalStateException("nobody fails it", e);
            }
            if (isBeyondLimit(start)) {
                timeUp.request();
            }
            if ((stop.isRequested() || timeUp.isRequested()) && !told) {
                system.tell(new Guardian.Stop());
                told = true;
            }
            if (stop.isOverdue(patience()) || timeUp.isOverdue(patience())) {
                return failed("it did not end within %s of being asked to".formatted(patience()));
            }
        }
    }

    /// The limit is of the run, so it is with whoever could lead it.
    private boolean isBeyondLimit(Instant start) {
        return settings.roles().contains(Role.CONTROLLER)
                && plan.run()
                        .timeLimit()
                        .map(limit -> Duration.between(start, Instant.now()).compareTo(limit) >= 0)
                        .orElse(false);
    }

    /// A head that has committed waits for members that are gone and not removed yet.
    private Duration patience() {
        Duration patience = plan.run().shutdownTimeout();
        if (settings.roles().contains(Role.CONTROLLER)) {
            patience = patience.plus(Head.GOODBYE);
        }
        return settings.roles().contains(Role.ROLLOUT)
                ? patience.plus(plan.rollout().drainTimeout())
                : patience;
    }

    private static RunEnded failed(String cause) {
        return new RunEnded(PolicyVersion.BASE, LedgerCounts.ZERO, RunEnded.Outcome.FAILED, cause);
    }
}
