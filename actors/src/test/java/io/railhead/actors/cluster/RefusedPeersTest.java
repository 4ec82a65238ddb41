package io.railhead.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.RolloutCommand.LeasesGranted;
import io.railhead.actors.protocol.RolloutCommand.LeasesRevoked;
import io.railhead.actors.security.Authorities;
import io.railhead.actors.security.CredentialFiles;
import io.railhead.actors.settings.ConfigurationException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Peers that must not come in, each at a rollout node that a controller then still reaches.
class RefusedPeersTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final LeasesGranted GRANTED = new LeasesGranted(List.of());
    private static final LeasesRevoked REVOKED = new LeasesRevoked(List.of(new LeaseId(7)));

    private final LinkedBlockingQueue<RolloutCommand> heard = new LinkedBlockingQueue<>();
    private final Config config =
            TlsNodeTest.config(Authorities.trusted("rollout-1", "rollout"), List.of("rollout"), List.of());
    private RecordedLogs logs;
    private Node<RolloutCommand> worker;

    @BeforeEach
    void start() {
        logs = RecordedLogs.open();
        worker = Node.clustered(NodeTest.worker(heard), ClusterSettings.from(config), config);
    }

    @AfterEach
    void theWorkerIsUndisturbed() throws Exception {
        Config controller = TlsNodeTest.config(
                Authorities.trusted("controller-1", "controller"), List.of("controller"), List.of(worker.address()));
        Node<Receptionist.Listing> other =
                Node.clustered(NodeTest.greeter(GRANTED, REVOKED), ClusterSettings.from(controller), controller);
        assertThat(heard.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(GRANTED);
        assertThat(heard.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(REVOKED);
        other.stop(DEADLINE);
        worker.stop(DEADLINE);
        logs.close();
    }

    @Test
    void aPeerWithoutACertificateIsNamedByItsAddress() throws Exception {
        SSLContext nameless = Authorities.trustingOnly();
        refusedAtTheDoor(nameless);
        refusedAtTheDoor(nameless);
        logs.await("refused 127.0.0.1: it shows no certificate that counts: Empty client certificate chain");
        assertThat(refusals()).hasSize(1);
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefusedByName() throws Exception {
        SSLContext foreign = Authorities.context(Authorities.foreign("stranger", "rollout", "learner"));
        refusedAtTheDoor(foreign);
        refusedAtTheDoor(foreign);
        logs.await("refused CN=stranger: its certificate is not trusted: ");
        assertThat(refusals()).filteredOn(line -> line.contains("stranger")).hasSize(1);
    }

    @Test
    void aRoleBeyondTheCertificateIsRefusedAtTheNodesOwnStart() {
        CredentialFiles files = Authorities.trusted("rollout-2", "rollout");
        Config beyond = TlsNodeTest.config(files, List.of("rollout", "learner"), List.of(worker.address()));
        assertThatThrownBy(() -> Node.clustered(Behaviors.empty(), ClusterSettings.from(beyond), beyond))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(files.certificate() + " is a certificate for rollout, not for learner");
    }

    @Test
    void aHostBeyondTheCertificateIsRefusedAtTheNodesOwnStart() {
        CredentialFiles files = Authorities.elsewhere("rollout-3", "rollout");
        Config beyond = TlsNodeTest.config(files, List.of("rollout"), List.of(worker.address()));
        assertThatThrownBy(() -> Node.clustered(Behaviors.empty(), ClusterSettings.from(beyond), beyond))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(files.certificate()
                        + " is a certificate for elsewhere.example, not for this node's host 127.0.0.1");
    }

    @Test
    void aNodeThatWouldJoinWithARoleBeyondItsCertificateStaysOutside() throws Exception {
        Config honest = TlsNodeTest.config(
                Authorities.trusted("liar-1", "rollout"), List.of("rollout"), List.of(worker.address()));
        Config liar = ConfigFactory.parseString("railhead.cluster.pekko.cluster.roles = [rollout, controller]")
                .withFallback(honest);
        Node<Void> node = Node.clustered(Behaviors.empty(), ClusterSettings.from(liar), liar);
        logs.await("refused CN=liar-1: it would join as controller, its certificate is for rollout");
        node.stop(DEADLINE);
    }

    @Test
    void aNodeThatCallsItselfByAnotherHostStaysOutside() throws Exception {
        Config honest = TlsNodeTest.config(
                Authorities.elsewhere("liar-2", "rollout"), List.of("rollout"), List.of(worker.address()));
        Config liar = ConfigFactory.parseString("railhead.security.verify-hosts = off")
                .withFallback(honest);
        Node<Void> node = Node.clustered(Behaviors.empty(), ClusterSettings.from(liar), liar);
        logs.await("refused CN=liar-2: it calls itself 127.0.0.1, its certificate is for elsewhere.example");
        node.stop(DEADLINE);
    }

    @Test
    void aRolloutNodeThatGrantsLeasesIsNotHeard() throws Exception {
        Config rollout = TlsNodeTest.config(
                Authorities.trusted("liar-3", "rollout"), List.of("rollout"), List.of(worker.address()));
        Node<Receptionist.Listing> node = Node.clustered(usurper(), ClusterSettings.from(rollout), rollout);
        logs.await("refused CN=liar-3: LeasesGranted from a certificate for rollout; it takes controller");
        node.stop(DEADLINE);
        assertThat(heard).isEmpty();
    }

    private static Behavior<Receptionist.Listing> usurper() {
        return NodeTest.greeter(GRANTED, REVOKED);
    }

    private void refusedAtTheDoor(SSLContext context) throws IOException {
        int port = Integer.parseInt(worker.address().replaceAll(".*:", ""));
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            assertThatThrownBy(() -> {
                        socket.setSoTimeout((int) DEADLINE.toMillis());
                        socket.getOutputStream().write(new byte[] {'A', 'K', 'K', 'A', 1});
                        if (socket.getInputStream().read() < 0) {
                            throw new IOException("closed");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    private List<String> refusals() {
        return logs.warnings().stream()
                .filter(line -> line.contains("refused "))
                .toList();
    }
}
