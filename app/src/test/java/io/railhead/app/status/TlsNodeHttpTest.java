package io.railhead.app.status;

import static io.railhead.app.run.LiveCluster.healthOf;
import static io.railhead.app.run.LiveCluster.statusOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.actors.security.SecuritySettings;
import io.railhead.actors.security.TrialAuthority;
import io.railhead.app.CommandRun;
import io.railhead.app.run.LiveCluster;
import io.railhead.app.run.NodeAddresses;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One node with a certificate, asked with and without one.
class TlsNodeHttpTest {
    @TempDir
    private static Path temp;

    private static Path certificates;
    private static LiveCluster cluster;
    private static NodeAddresses node;

    @BeforeAll
    static void start() throws Exception {
        certificates = issued("tls");
        cluster = new LiveCluster(temp);
        node = cluster.start(
                Map.of("security.tls", true, "security.directory", certificates.toString()),
                "controller",
                "learner",
                "reward",
                "rollout");
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.stop();
    }

    @Test
    void aCertificateOfTheClusterMayAsk() throws Exception {
        assertThat(statusOf(node).getScheme()).isEqualTo("https");
        assertThat(Asker.with(context(certificates))
                        .status(statusOf(node))
                        .path("node")
                        .asText())
                .isEqualTo(node.cluster());
    }

    @Test
    void nobodyElseHearsAnything() throws Exception {
        URI plain = URI.create("http://" + statusOf(node).getAuthority());
        assertThatThrownBy(() -> Asker.plain().get(statusOf(node), "/status")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Asker.plain().get(plain, "/status")).isInstanceOf(IOException.class);
        SSLContext other = context(issued("other"));
        assertThatThrownBy(() -> Asker.with(other).get(statusOf(node), "/status"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aRecordThatFitsNoBufferEndsItsConnection() throws IOException {
        try (Socket socket = new Socket(statusOf(node).getHost(), statusOf(node).getPort())) {
            socket.setSoTimeout(60_000);
            byte[] record = new byte[20_000];
            System.arraycopy(new byte[] {22, 3, 3, 0x4e, 0x20}, 0, record, 0, 5); // a handshake of 20,000 bytes
            socket.getOutputStream().write(record);
            socket.getInputStream().readAllBytes();
        } catch (SocketException _) {
            // hung up on with bytes unread; one that is kept waiting ends in a SocketTimeoutException
        }
    }

    @Test
    void aClientWithoutACertificateIsRefused() throws Exception {
        assertThatThrownBy(() -> Asker.with(TrustingContext.of(certificates.resolve("ca.pem")))
                        .get(statusOf(node), "/health/live"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void probesNeedNoCertificateAndSeeNothingElse() throws Exception {
        Asker probe = Asker.plain();
        assertThat(probe.get(healthOf(node), "/health/live").statusCode()).isEqualTo(200);
        assertThat(probe.until(healthOf(node), "/health/ready", ready -> ready.statusCode() == 200)
                        .statusCode())
                .isEqualTo(200);
        assertThat(probe.get(healthOf(node), "/status").statusCode()).isEqualTo(404);
    }

    @Test
    void theCommandShowsItsCertificate() {
        String at = statusOf(node).getAuthority();
        CommandRun secured = CommandRun.of(
                "status", "--node", at, "--set", "security.tls=on", "--set", "security.directory=" + certificates);
        assertThat(secured.err()).isEmpty();
        assertThat(secured.status()).isZero();
        assertThat(secured.out()).contains("node " + node.cluster());

        CommandRun open = CommandRun.of("status", "--node", at);
        assertThat(open.status()).isEqualTo(2);
        assertThat(open.err()).hasLineCount(1).contains(at, "security.tls");
    }

    private static Path issued(String authority) throws Exception {
        return TrialAuthority.in(temp.resolve(authority), "trial", Duration.ofDays(1))
                .issue("node", List.of("controller", "learner", "reward", "rollout"), List.of("127.0.0.1"))
                .certificate()
                .toAbsolutePath()
                .resolveSibling("");
    }

    private static SSLContext context(Path directory) {
        SecuritySettings settings = SecuritySettings.from(
                ConfigFactory.parseMap(Map.of("railhead.security.directory", directory.toString()))
                        .withFallback(ConfigFactory.defaultReference()));
        return new NodeIdentity(settings, Clock.systemUTC()).sslContext();
    }
}
