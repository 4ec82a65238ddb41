package io.railhead.app.run;

import io.railhead.actors.protocol.StageCommand.RunEnded;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Nodes in this JVM that train until they are stopped, a few samples a step.
public final class LiveCluster {
    private static final int PATIENCE_SECONDS = 120;

    private final Path model;
    private final Path run;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Running> nodes = new LinkedHashMap<>(); // by address

    private record Running(StopRequest stop, Future<Optional<RunEnded>> end) {}

    public LiveCluster(Path directory) throws IOException {
        this.model = RandomModel.in(directory.resolve("model"), 11);
        this.run = directory.resolve("run");
    }

    /// Starts a node that joins those before it, and waits until it listens.
    public NodeAddresses start(Map<String, Object> more, String... roles) throws Exception {
        Map<String, Object> settings = new TreeMap<>(SmallRun.settings(model));
        settings.putAll(Map.of(
                "stage.steps",
                1_000_000,
                "stage.max-staleness",
                1,
                "stage.filter-zero-variance",
                false,
                "stage.checkpoint-every",
                1_000_000,
                "cluster.port",
                0,
                "cluster.exit-when-removed",
                false,
                "cluster.roles",
                List.of(roles),
                "cluster.seed-nodes",
                List.copyOf(nodes.keySet())));
        settings.putAll(more);
        StopRequest stop = new StopRequest();
        CompletableFuture<NodeAddresses> listening = new CompletableFuture<>();
        Future<Optional<RunEnded>> end = threads.submit(() -> ClusterNode.run(
                new LayeredConfig(Optional.of("embedded"), Optional.empty(), List.of(), settings).resolve(),
                run,
                stop,
                listening::complete,
                _ -> {}));
        threads.execute(() -> failWith(end, listening));
        NodeAddresses addresses = listening.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        nodes.put(addresses.cluster(), new Running(stop, end));
        return addresses;
    }

    /// So that a node that does not start is not waited for.
    private static void failWith(Future<Optional<RunEnded>> end, CompletableFuture<NodeAddresses> listening) {
        try {
            listening.completeExceptionally(new IllegalStateException("the node ended: " + end.get()));
        } catch (Exception e) {
            listening.completeExceptionally(e);
        }
    }

    public static URI statusOf(NodeAddresses node) {
        return node.status().orElseThrow();
    }

    public static URI healthOf(NodeAddresses node) {
        return node.health().orElseThrow();
    }

    /// Asks one node to stop.
    ///
    /// @return how it ended: empty for a node that could not lead and left in good order
    public Optional<RunEnded> stop(NodeAddresses node) throws Exception {
        Running running = Objects.requireNonNull(nodes.remove(node.cluster()));
        running.stop().request();
        return running.end().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /// Ends all nodes.
    public void stop() throws Exception {
        nodes.values().forEach(node -> node.stop().request());
        try {
            for (Running node : nodes.values()) {
                node.end().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
