package io.railhead.actors.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import io.railhead.actors.cluster.gate.ArteryTls;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.telemetry.DeadLetterCounter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.remote.RemoteTransportException;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;

/// The actor system of this JVM, with the guardian that the caller gives.
///
/// `local` opens no port and knows no other node; `clustered` listens, and joins its seed nodes or starts a
/// cluster. The same guardian runs on both. The configuration is the resolved one (`ConfigFactory.load`); how
/// Pekko itself runs is decided here and by `railhead.cluster.pekko`. A node that the cluster removes stops by
/// itself.
public final class Node<T> {
    /// Every node's actor system has this name; it is part of every address.
    public static final String SYSTEM_NAME = "railhead";

    private static final Config PEKKO = ConfigFactory.parseResources(
            Node.class.getClassLoader(),
            "railhead-pekko.conf",
            ConfigParseOptions.defaults().setAllowMissing(false));

    /// The gate reads headers, so peers are not offered tables to compress them with.
    private static final Config TLS = ConfigFactory.parseMap(Map.of(
            "pekko.remote.artery.transport", "tls-tcp",
            "pekko.remote.artery.advanced.compression.actor-refs.max", "off",
            "pekko.remote.artery.advanced.compression.manifests.max", "off"));

    private final ActorSystem<T> system;
    private final DeadLetterCounter lost = new DeadLetterCounter();

    private Node(ActorSystem<T> system) {
        this.system = system;
        lost.listenIn(system);
    }

    /// A node alone in its JVM.
    public static <T> Node<T> local(Behavior<T> guardian, Config config) {
        Config local = ConfigFactory.parseMap(Map.of("pekko.actor.provider", "local"));
        return new Node<>(ActorSystem.create(guardian, SYSTEM_NAME, over(config, PEKKO, local)));
    }

    /// A node of a cluster, with the identity that `railhead.security` asks for.
    ///
    /// @throws ConfigurationException if it cannot listen on its host and port, or its certificate does not fit
    public static <T> Node<T> clustered(Behavior<T> guardian, ClusterSettings settings, Config config) {
        return clustered(guardian, settings, config, NodeIdentity.of(config));
    }

    /// A node of a cluster. With an identity it speaks with others only over TLS with certificates on both
    /// sides; the certificate says which roles the node may have.
    ///
    /// @throws ConfigurationException if it cannot listen on its host and port, or its certificate does not fit
    public static <T> Node<T> clustered(
            Behavior<T> guardian, ClusterSettings settings, Config config, Optional<NodeIdentity> identity) {
        requireFitting(identity, settings);
        Config resolved = over(
                config,
                PEKKO,
                remoting(settings),
                identity.isPresent() ? TLS : ConfigFactory.empty(),
                settings.pekko().atPath("pekko"));
        requireFree(settings);
        ActorSystem<T> system;
        try {
            system = ActorSystem.create(guardian, SYSTEM_NAME, setup(settings, resolved, identity));
        } catch (RemoteTransportException e) { // taken since, or of another cause
            throw cannotListen(settings, e);
        }
        if (settings.seedNodes().isEmpty()) {
            Cluster cluster = Cluster.get(system);
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        }
        LingeringConnections.cutWhenEnding(system);
        return new Node<>(system);
    }

    /// For callers that write something before they start their node.
    ///
    /// @throws ConfigurationException if the certificate lacks the node's host or one of its roles
    public static void requireFitting(Optional<NodeIdentity> identity, ClusterSettings settings) {
        identity.ifPresent(own -> {
            own.requireRoles(settings.roles().stream().map(Role::label).toList());
            own.requireHost(settings.host());
        });
    }

    public ActorSystem<T> system() {
        return system;
    }

    /// `HOST:PORT` of a cluster node, as others name it in `seed-nodes`; `local` otherwise.
    public String address() {
        var address = system.address();
        return address.getHost().isPresent()
                ? address.getHost().get() + ":" + address.getPort().orElseThrow()
                : "local";
    }

    /// Messages lost on this node until now.
    public DeadLetterCounter.Counts lost() {
        return lost.counts();
    }

    /// Stops all actors, leaves the cluster, and returns when the actor system is gone. Logs how many messages were
    /// lost until then.
    ///
    /// @throws TimeoutException if that takes longer than `deadline`
    public void stop(Duration deadline) throws TimeoutException, InterruptedException {
        system.log().info("messages lost on this node until it stopped: {}", lost.counts());
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the actor system ended in an error", e.getCause());
        }
    }

    private static ActorSystemSetup setup(ClusterSettings settings, Config resolved, Optional<NodeIdentity> identity) {
        ActorSystemSetup setup = ActorSystemSetup.create(BootstrapSetup.create(resolved));
        return identity.map(own -> setup.and(
                        SSLEngineProviderSetup.create(_ -> new ArteryTls(own, (int) settings.maximumFrameSize()))))
                .orElse(setup);
    }

    private static Config remoting(ClusterSettings settings) {
        Map<String, Object> keys = new HashMap<>();
        keys.put("pekko.actor.provider", "cluster");
        keys.put("pekko.remote.artery.canonical.hostname", settings.host());
        keys.put("pekko.remote.artery.canonical.port", settings.port());
        keys.put("pekko.remote.artery.advanced.maximum-frame-size", settings.maximumFrameSize());
        keys.put(
                "pekko.cluster.roles",
                settings.roles().stream().map(Role::label).sorted().toList());
        keys.put("pekko.cluster.seed-nodes", seedAddresses(settings.seedNodes()));
        keys.put("pekko.cluster.failure-detector.acceptable-heartbeat-pause", settings.heartbeatPause());
        keys.put("pekko.cluster.split-brain-resolver.stable-after", settings.stableAfter());
        keys.put("pekko.cluster.shutdown-after-unsuccessful-join-seed-nodes", settings.joinTimeout());
        for (String reason : List.of("ClusterDowningReason$", "ClusterJoinUnsuccessfulReason$")) {
            String name = "org.apache.pekko.actor.CoordinatedShutdown$" + reason;
            String path = "pekko.coordinated-shutdown.reason-overrides." + ConfigUtil.quoteString(name);
            keys.put(path + ".exit-jvm", settings.exitWhenRemoved());
            keys.put(path + ".exit-code", 1);
        }
        return ConfigFactory.parseMap(keys);
    }

    private static List<String> seedAddresses(List<String> seeds) {
        return seeds.stream().map(seed -> "pekko://" + SYSTEM_NAME + "@" + seed).toList();
    }

    private static Config over(Config base, Config... layers) {
        Config result = base;
        for (Config layer : layers) {
            result = layer.withFallback(result);
        }
        return result.resolve();
    }

    /// Listens for an instant: a port in use is one line for the user instead of Pekko's stack traces.
    private static void requireFree(ClusterSettings settings) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(settings.host(), settings.port()));
        } catch (IOException e) {
            throw cannotListen(settings, e);
        }
    }

    private static ConfigurationException cannotListen(ClusterSettings settings, Exception cause) {
        return new ConfigurationException(
                "cannot listen on %s:%d (railhead.cluster.host, railhead.cluster.port): %s"
                        .formatted(settings.host(), settings.port(), cause.getMessage()),
                cause);
    }
}
