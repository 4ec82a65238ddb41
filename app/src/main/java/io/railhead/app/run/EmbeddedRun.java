package io.railhead.app.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.cluster.Node;
import io.railhead.actors.cluster.Role;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.app.status.HttpSettings;
import io.railhead.app.status.NodeGauges;
import io.railhead.app.status.NodeHttp;
import io.railhead.app.status.NodeSources;
import io.railhead.app.tracing.RolloutTraces;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// A run with all roles in this JVM, from start to end, owned by the calling thread.
public final class EmbeddedRun {
    private static final Duration GOODBYE = Duration.ofSeconds(3);

    // The signals are ours: Pekko would end the actors before the run has committed.
    static final Config NO_HOOK =
            ConfigFactory.parseString("pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off");

    private EmbeddedRun() {}

    /// Runs to the end, whatever that is. The outcome says which.
    ///
    /// @param page hears where the live page is, if `http.enabled` has one
    public static RunEnded run(NodeParts parts, StopRequest stop, Consumer<URI> page) throws InterruptedException {
        RunWatch watch = new RunWatch(parts.plan().run(), stop);
        NodeGauges gauges = new NodeGauges(Clock.systemUTC());
        HttpSettings http = HttpSettings.from(parts.plan().config());
        try (RolloutTraces traces =
                RolloutTraces.start(parts.plan().config(), parts.runDirectory(), name(), Clock.systemUTC())) {
            return run(parts, watch, gauges, http, traces, page);
        }
    }

    private static RunEnded run(
            NodeParts parts,
            RunWatch watch,
            NodeGauges gauges,
            HttpSettings http,
            RolloutTraces traces,
            Consumer<URI> page)
            throws InterruptedException {
        Node<Guardian.Command> node = Node.local(
                Guardian.create(
                        EnumSet.allOf(Role.class), parts.alsoTelling(watch::onFact), gauges, traces, watch.ended()),
                NO_HOOK.withFallback(parts.plan().config()));
        try {
            if (http.isOnForOneJvm()) {
                NodeHttp served = NodeHttp.start(
                        node.system(), http, NodeIdentity.of(parts.plan().config()), sources(parts, node, gauges));
                page.accept(served.address());
            }
            return watch.await(node.system());
        } finally {
            terminate(node, GOODBYE);
        }
    }

    private static NodeSources sources(NodeParts parts, Node<Guardian.Command> node, NodeGauges gauges) {
        return new NodeSources(
                name(),
                EnumSet.allOf(Role.class),
                parts.plan().rolloutWorkers(),
                parts.plan().stage().workerSilence(),
                () -> parts.life().incarnation(),
                () -> NodeLives.held(parts.exchange()),
                node::lost,
                gauges,
                parts.plan().memory(EnumSet.allOf(Role.class)).byOwner(),
                Optional.of(parts.runDirectory()));
    }

    private static String name() {
        return "pid " + ProcessHandle.current().pid();
    }

    static void terminate(Node<Guardian.Command> node, Duration goodbye) throws InterruptedException {
        try {
            node.stop(goodbye);
        } catch (TimeoutException _) {
            node.system().log().warn("the actors did not stop within {}", goodbye);
        }
    }
}
