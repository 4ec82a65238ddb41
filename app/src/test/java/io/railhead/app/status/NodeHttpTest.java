package io.railhead.app.status;

import static io.railhead.app.run.LiveCluster.healthOf;
import static io.railhead.app.run.LiveCluster.statusOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.app.CommandRun;
import io.railhead.app.run.LiveCluster;
import io.railhead.app.run.NodeAddresses;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run on two nodes, asked over HTTP while it trains.
class NodeHttpTest {
    private static final long SEED = 20_261_122;

    @TempDir
    private static Path temp;

    private static LiveCluster cluster;
    private static NodeAddresses head;
    private static NodeAddresses rollout;

    private final Asker asker = Asker.plain();

    @BeforeAll
    static void start() throws Exception {
        cluster = new LiveCluster(temp);
        head = cluster.start(Map.of(), "controller", "learner", "reward");
        rollout = cluster.start(Map.of(), "rollout");
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.stop();
    }

    @Test
    void bothNodesAreLiveAndBecomeReady() throws Exception {
        for (NodeAddresses node : List.of(head, rollout)) {
            for (URI port : List.of(statusOf(node), healthOf(node))) {
                assertThat(asker.get(port, "/health/live").body()).isEqualTo("{\"live\":true}\n");
                assertThat(asker.until(port, "/health/ready", ready -> ready.statusCode() == 200)
                                .body())
                        .isEqualTo("{\"ready\":true,\"not_ready\":[]}\n");
            }
        }
    }

    @Test
    void aNodeThatDoesNotLeadAnswersForTheRun() throws Exception {
        JsonNode status = asker.statusUntil(
                statusOf(rollout), s -> s.at("/run/policy_version").asLong() >= 2);

        assertThat(status.path("node").asText()).isEqualTo(rollout.cluster());
        assertThat(status.path("leader").asText()).isEqualTo(head.cluster());
        assertThat(status.path("leads").asBoolean()).isFalse();
        assertThat(status.path("life").asLong())
                .isEqualTo(status.at("/run/life").asLong())
                .isEqualTo(1);
        JsonNode ledger = status.at("/run/ledger");
        assertThat(ledger.path("issued").asLong())
                .isPositive()
                .isEqualTo(List.of("trained", "filtered", "stale", "failed", "in_flight").stream()
                        .mapToLong(part -> ledger.path(part).asLong())
                        .sum());
        assertThat(status.at("/run/members")).hasSize(3); // the learner is one of its own
        assertThat(members(status))
                .containsExactlyInAnyOrder(
                        head.cluster() + " [\"controller\",\"learner\",\"reward\"] up true",
                        rollout.cluster() + " [\"rollout\"] up true");
        assertThat(status.path("waits")).isNotEmpty().allSatisfy(wait -> {
            assertThat(wait.path("who").asText()).isNotEmpty();
            assertThat(wait.path("for_what").asText()).isNotEmpty();
            assertThat(wait.path("seconds").isNumber()).isTrue();
        });
    }

    @Test
    void aRolloutNodeSaysWhatItServesAndWhereItHasItFrom() throws Exception {
        JsonNode publisher =
                asker.statusUntil(statusOf(head), s -> s.at("/weights/version").asLong() >= 1);
        JsonNode status = asker.statusUntil(
                statusOf(rollout), s -> s.at("/workers/0/serving").asLong() >= 1);

        assertThat(status.at("/weights/source").asText())
                .isEqualTo(publisher.at("/weights/address").asText());
        assertThat(status.at("/weights/version").asLong())
                .isGreaterThanOrEqualTo(status.at("/workers/0/serving").asLong());
        assertThat(publisher.at("/weights/source").isNull()).isTrue();
        assertThat(asker.statusUntil(statusOf(head), s -> s.at("/scores/given").asLong() >= 8)
                        .at("/scores/failed")
                        .asLong())
                .isZero();
    }

    @Test
    void onlyTheNodeThatLeadsHasMetricsOfTheRun() throws Exception {
        String leading = asker.until(statusOf(head), "/metrics", m -> m.body().contains("railhead_policy_version "))
                .body();
        assertThat(leading).contains("# TYPE railhead_lease_demand gauge\n", "\nrailhead_leases{state=\"issued\"} ");
        assertThat(asker.get(statusOf(head), "/metrics").headers().firstValue("Content-Type"))
                .hasValue("text/plain; version=0.0.4; charset=UTF-8");
        assertThat(asker.get(statusOf(rollout), "/metrics").body())
                .contains("\nrailhead_leads 0\n", "\nrailhead_uptime_seconds ")
                .doesNotContain("railhead_policy_version");
    }

    @Test
    void takesOnlyGetAndOnlyWhatThereIs() throws Exception {
        URI main = statusOf(rollout);
        assertThat(asker.send("POST", main, "/status").statusCode()).isEqualTo(405);
        assertThat(asker.send("HEAD", main, "/status").statusCode()).isEqualTo(405);
        assertThat(asker.get(main, "/").statusCode()).isEqualTo(200);
        assertThat(asker.get(main, "/api/metrics").statusCode()).isEqualTo(404);
        assertThat(asker.get(statusOf(head), "/api/metrics").statusCode()).isEqualTo(200);
        assertThat(asker.get(healthOf(rollout), "/").statusCode()).isEqualTo(404);
        assertThat(asker.get(main, "/status/x").statusCode()).isEqualTo(404);
        assertThat(asker.get(main, "/" + "x".repeat(600)).statusCode()).isEqualTo(414);
        assertThat(asker.get(healthOf(rollout), "/status").statusCode()).isEqualTo(404);
        assertThat(asker.get(healthOf(rollout), "/metrics").statusCode()).isEqualTo(404);
    }

    @Test
    void randomBytesDisturbNothing() throws Exception {
        Random random = new Random(SEED);
        for (URI port : List.of(statusOf(rollout), healthOf(rollout))) {
            int sent = 0;
            while (sent < 3000) {
                sent += assault(port, random);
            }
            assertThat(asker.get(port, "/health/live").statusCode()).isEqualTo(200);
        }
        assertThat(asker.status(statusOf(rollout)).path("leader").asText()).isEqualTo(head.cluster());
    }

    @Test
    void theCommandPrintsIt() throws Exception {
        asker.statusUntil(statusOf(rollout), s -> s.at("/run/policy_version").asLong() >= 1);
        String at = statusOf(rollout).getAuthority();

        CommandRun text = CommandRun.of("status", "--node", at);
        assertThat(text.err()).isEmpty();
        assertThat(text.status()).isZero();
        assertThat(text.out())
                .contains("node " + rollout.cluster() + " (rollout), up ")
                .contains("led by " + head.cluster() + " in life 1; at v")
                .contains("  " + head.cluster() + "  up  reachable  controller, learner, reward\n")
                .contains(" in flight\n", "waits\n", " waits for ");
        CommandRun json = CommandRun.of("status", "--json", "--node", at);
        assertThat(json.status()).isZero();
        assertThat(json.out())
                .startsWith("{\"node\":\"" + rollout.cluster() + "\"")
                .hasLineCount(1);
    }

    private static List<String> members(JsonNode status) {
        return StreamSupport.stream(status.path("members").spliterator(), false)
                .map(member -> "%s %s %s %s"
                        .formatted(
                                member.path("address").asText(),
                                member.path("roles"),
                                member.path("status").asText(),
                                member.path("reachable").asBoolean()))
                .toList();
    }

    /// Sends until the node closes the connection.
    private static int assault(URI port, Random random) {
        byte[] message = new byte[64];
        int sent = 0;
        try (Socket socket = new Socket(port.getHost(), port.getPort())) {
            OutputStream out = socket.getOutputStream();
            while (sent < 100) {
                random.nextBytes(message);
                sent++;
                out.write(message, 0, 1 + random.nextInt(message.length));
            }
        } catch (IOException _) {
            // closed, as it should be
        }
        return Math.max(1, sent);
    }
}
