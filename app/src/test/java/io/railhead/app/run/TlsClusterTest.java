package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.security.TrialAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run on four nodes with one role and one certificate each: every message of a run passes the gates, none needs more
/// than its sender's role.
class TlsClusterTest {
    @TempDir
    private Path temp;

    @Test
    void aRunPassesTheGatesWithOneRoleACertificate() throws Exception {
        Path model = RandomModel.in(temp.resolve("model"), 11);
        TrialAuthority authority = TrialAuthority.in(temp.resolve("tls"), "trial", Duration.ofDays(1));
        CompletableFuture<String> seed = new CompletableFuture<>();
        StopRequest stop = new StopRequest();
        List<Future<Optional<RunEnded>>> others = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Map<String, Object> first = settings(model, authority, "controller");
            Future<Optional<RunEnded>> controller = threads.submit(() -> run(first, stop, seed));
            for (String role : List.of("learner", "reward", "rollout")) {
                Map<String, Object> joining = settings(model, authority, role);
                joining.put("cluster.seed-nodes", List.of(seed.get(60, TimeUnit.SECONDS)));
                others.add(threads.submit(() -> run(joining, stop, new CompletableFuture<>())));
            }
            RunEnded end = controller.get(240, TimeUnit.SECONDS).orElseThrow();
            assertThat(end.outcome()).as(end.cause()).isEqualTo(RunEnded.Outcome.FINISHED);
            assertThat(end.ledger().trained()).isEqualTo(4);
            for (Future<Optional<RunEnded>> other : others) {
                assertThat(other.get(60, TimeUnit.SECONDS)).isEmpty();
            }
        } finally {
            stop.request();
        }
    }

    private Optional<RunEnded> run(Map<String, Object> settings, StopRequest stop, CompletableFuture<String> address)
            throws Exception {
        return ClusterNode.run(
                new LayeredConfig(Optional.of("embedded"), Optional.empty(), List.of(), settings).resolve(),
                temp.resolve("run"),
                stop,
                at -> address.complete(at.cluster()),
                _ -> {});
    }

    private static Map<String, Object> settings(Path model, TrialAuthority authority, String role) throws Exception {
        Map<String, Object> settings = new TreeMap<>(SmallRun.settings(model));
        Path files = authority
                .issue(role, List.of(role), List.of("127.0.0.1"))
                .certificate()
                .toAbsolutePath()
                .resolveSibling("");
        settings.putAll(Map.of(
                "stage.steps",
                2,
                "stage.filter-zero-variance",
                false,
                "stage.max-staleness",
                1,
                "cluster.port",
                0,
                "cluster.exit-when-removed",
                false,
                "cluster.roles",
                List.of(role),
                "security.tls",
                true,
                "security.directory",
                files.toString()));
        return settings;
    }
}
