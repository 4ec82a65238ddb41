package io.railhead.actors.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.SettableClock;
import io.railhead.actors.settings.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeIdentityTest {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    @TempDir
    private Path temp;

    private final SettableClock clock = new SettableClock(Instant.now());

    @Test
    void newFilesCountForNewConnectionsWithoutARestart() throws Exception {
        copy(Authorities.trusted("rollout-1", "rollout"));
        NodeIdentity node = identity();
        SSLContext context = node.sslContext();
        assertThat(shownTo(context)).isEqualTo("CN=rollout-1");
        copy(Authorities.trusted("rollout-2", "rollout", "reward"));
        assertThat(shownTo(context)).as("before the interval").isEqualTo("CN=rollout-1");
        clock.advance(INTERVAL);
        assertThat(shownTo(context)).isEqualTo("CN=rollout-2");
        assertThat(node.certificate().roles()).containsExactlyInAnyOrder("rollout", "reward");
    }

    @Test
    void brokenNewFilesLeaveTheOldInUse() throws Exception {
        copy(Authorities.trusted("rollout-1", "rollout"));
        NodeIdentity node = identity();
        Files.writeString(files().key(), "half a");
        clock.advance(INTERVAL);
        assertThat(shownTo(node.sslContext())).isEqualTo("CN=rollout-1");
        copy(Authorities.trusted("rollout-2", "rollout", "reward"));
        clock.advance(INTERVAL);
        assertThat(shownTo(node.sslContext())).isEqualTo("CN=rollout-2");
    }

    @Test
    void aPeerOfAnotherAuthorityIsRefusedByName() throws Exception {
        copy(Authorities.trusted("rollout-1", "rollout"));
        NodeIdentity node = identity();
        SSLContext foreign = Authorities.context(Authorities.foreign("stranger", "rollout"));
        assertThatThrownBy(() -> handshake(node.sslContext(), foreign))
                .isInstanceOfAny(ExecutionException.class, IOException.class);
        assertThat(node.refusals().count()).isEqualTo(1);
    }

    @Test
    void aRoleThatTheCertificateLacksIsNamed() throws Exception {
        copy(Authorities.trusted("rollout-1", "rollout"));
        NodeIdentity node = identity();
        node.requireRoles(List.of("rollout"));
        assertThatThrownBy(() -> node.requireRoles(List.of("rollout", "learner", "controller")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(files().certificate() + " is a certificate for rollout, not for controller, learner");
    }

    @Test
    void aSignatureTellsWhoSignedAndHoldsForThatContentAlone() throws Exception {
        copy(Authorities.trusted("rollout-1", "rollout"));
        NodeIdentity learner = new NodeIdentity(settings(Authorities.trusted("learner-1", "learner")), clock);
        NodeIdentity reader = identity();
        byte[] manifest = {1, 2, 3};
        byte[] signature = learner.sign(manifest);
        assertThat(reader.signer(manifest, signature).roles()).containsExactly("learner");
        assertThatThrownBy(() -> reader.signer(new byte[] {1, 2, 4}, signature))
                .isInstanceOf(BadSignatureException.class)
                .hasMessage("the signature does not count: it is not one of this content");
        for (int i = 0; i < signature.length; i++) {
            byte[] cut = Arrays.copyOf(signature, i);
            assertThatThrownBy(() -> reader.signer(manifest, cut)).isInstanceOf(BadSignatureException.class);
        }
        for (int i = signature.length - 60; i < signature.length; i++) { // within the signature proper
            byte[] changed = signature.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> reader.signer(manifest, changed))
                    .as("byte %d", i)
                    .isInstanceOf(BadSignatureException.class);
        }
    }

    @Test
    void aSignatureOfAnotherAuthorityDoesNotCount() throws Exception {
        copy(Authorities.trusted("rollout-1", "rollout"));
        NodeIdentity stranger = new NodeIdentity(settings(Authorities.foreign("stranger", "learner")), clock);
        byte[] signature = stranger.sign(new byte[] {1});
        assertThatThrownBy(() -> identity().signer(new byte[] {1}, signature))
                .isInstanceOf(BadSignatureException.class);
    }

    @Test
    void withoutTlsThereIsNoIdentityAndNoFileIsRead() {
        assertThat(NodeIdentity.of(ConfigFactory.load())).isEmpty();
        assertThatThrownBy(() -> NodeIdentity.of(
                        ConfigFactory.parseString("railhead.security { tls = on, directory = /nowhere }")
                                .withFallback(ConfigFactory.load())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("no such file: /nowhere/certificate.pem");
    }

    private NodeIdentity identity() {
        return new NodeIdentity(settings(files()), clock);
    }

    private static SecuritySettings settings(CredentialFiles files) {
        return new SecuritySettings(true, files, INTERVAL, true);
    }

    private CredentialFiles files() {
        return new CredentialFiles(temp.resolve("certificate.pem"), temp.resolve("key.pem"), temp.resolve("ca.pem"));
    }

    private void copy(CredentialFiles from) throws IOException {
        Files.copy(from.certificate(), files().certificate(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(from.key(), files().key(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(from.ca(), files().ca(), StandardCopyOption.REPLACE_EXISTING);
    }

    /// The name of the certificate that a server with this context shows to a client.
    private static String shownTo(SSLContext server) throws Exception {
        SSLContext client = new NodeIdentity(
                        settings(Authorities.trusted("learner-1", "learner")), new SettableClock(Instant.now()))
                .sslContext();
        return handshake(server, client).getSubjectX500Principal().getName();
    }

    private static X509Certificate handshake(SSLContext server, SSLContext client) throws Exception {
        try (ExecutorService thread = Executors.newSingleThreadExecutor();
                SSLServerSocket listening =
                        (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0)) {
            listening.setNeedClientAuth(true);
            Future<Integer> served = thread.submit(() -> {
                try (SSLSocket accepted = (SSLSocket) listening.accept()) {
                    return accepted.getInputStream().read();
                }
            });
            try (SSLSocket socket =
                    (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", listening.getLocalPort())) {
                socket.getOutputStream().write(7);
                X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
                if (served.get(30, TimeUnit.SECONDS) != 7) {
                    throw new SSLException("not served");
                }
                return shown;
            }
        }
    }
}
