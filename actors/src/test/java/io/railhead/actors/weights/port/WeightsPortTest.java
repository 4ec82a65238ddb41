package io.railhead.actors.weights.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.Assault;
import io.railhead.actors.security.Authorities;
import io.railhead.actors.security.CredentialFiles;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.actors.security.Refusals;
import io.railhead.actors.security.SecuritySettings;
import io.railhead.actors.weights.delta.BlockWorkers;
import io.railhead.actors.weights.delta.ContentMemory;
import io.railhead.actors.weights.delta.ContentSums;
import io.railhead.actors.weights.delta.DamagedWeightsException;
import io.railhead.actors.weights.delta.RandomWeights;
import io.railhead.actors.weights.delta.Transfer;
import io.railhead.actors.weights.port.WeightsServer.Answer;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Server and client over real sockets of this machine.
class WeightsPortTest {
    private static final BlockWorkers WORKERS = new BlockWorkers(2);
    private static final WeightsSnapshot FIRST = RandomWeights.draw(1, 1, 400_000);
    private static final WeightsSnapshot SECOND = RandomWeights.next(FIRST, 2);
    private static final ContentSums FIRST_SUMS = ContentSums.of(FIRST, WORKERS);
    private static final Transfer SNAPSHOT = Transfer.snapshot(FIRST, FIRST_SUMS);
    private static final Transfer DELTA = Transfer.delta(FIRST, FIRST_SUMS.root(), SECOND, WORKERS);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final PortLimits LIMITS = new PortLimits(8, LONG, Duration.ofMillis(50), LONG);
    private static final Hop TO_FIRST = Hop.of(SNAPSHOT.manifest());
    private static final Hop TO_SECOND = Hop.of(DELTA.manifest());

    private final Refusals refusals = new Refusals(Clock.systemUTC());
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void snapshotAndDeltaArriveVerified() throws IOException {
        WeightsServer server = server(LIMITS, ManifestSigner.NONE, Optional.empty());
        assertThat(fetchBoth(server, client(LIMITS, ManifestVerifier.NONE, Optional.empty())))
                .isTrue();
        assertThat(server.bytesSent()).isGreaterThan(FIRST.byteCount()).isLessThan(2 * FIRST.byteCount());
    }

    @Test
    void receivedTransferCanBeHandedOnAsItIs() throws IOException {
        WeightsServer server = server(LIMITS, ManifestSigner.NONE, Optional.empty());
        WeightsClient client = client(LIMITS, ManifestVerifier.NONE, Optional.empty());
        Received received = fetch(server, client, TO_SECOND, Optional.of(FIRST));
        WeightsServer relay = server((_, _) -> new Answer.Found(received.offer()), LIMITS, Optional.empty());
        assertThat(fetch(relay, client, TO_SECOND, Optional.of(FIRST))
                        .snapshot()
                        .equals(SECOND))
                .isTrue();
    }

    @Test
    void whatIsNotHereIsRefusedInWordsAndTheConnectionGoesOn() throws IOException {
        WeightsServer server = server(LIMITS, ManifestSigner.NONE, Optional.empty());
        WeightsClient client = client(LIMITS, ManifestVerifier.NONE, Optional.empty());
        try (WeightsClient.Session session = client.connect(addressOf(server))) {
            Hop unknown = Hop.snapshot(SECOND.version(), DELTA.manifest().root());
            assertThatThrownBy(() -> session.fetch(unknown, Optional.empty(), FIRST.byteCount()))
                    .isInstanceOf(TransferRefusedException.class)
                    .hasMessage("v2 is not here");
            assertThat(session.fetch(TO_FIRST, Optional.empty(), FIRST.byteCount())
                            .snapshot()
                            .equals(FIRST))
                    .isTrue();
        }
    }

    @Test
    void contentsOfAnotherSizeThanAnnouncedAreRefusedBeforeMemoryIsTaken() throws IOException {
        WeightsServer server = server(LIMITS, ManifestSigner.NONE, Optional.empty());
        WeightsClient client = new WeightsClient(
                LIMITS,
                Optional.empty(),
                ManifestVerifier.NONE,
                (bytes, _) -> {
                    throw new AssertionError("took " + bytes + " bytes");
                },
                WORKERS);
        open.add(client);
        try (WeightsClient.Session session = client.connect(addressOf(server))) {
            assertThatThrownBy(() -> session.fetch(TO_FIRST, Optional.empty(), 17))
                    .isInstanceOf(DamagedWeightsException.class)
                    .hasMessage("v1 has %d bytes of weights instead of 17".formatted(FIRST.byteCount()));
        }
    }

    @Test
    void manifestOfSomethingElseIsRefused() throws IOException {
        WeightsServer server = server((_, _) -> found(SNAPSHOT, ManifestSigner.NONE), LIMITS, Optional.empty());
        WeightsClient client = client(LIMITS, ManifestVerifier.NONE, Optional.empty());
        assertThatThrownBy(() -> fetch(server, client, TO_SECOND, Optional.of(FIRST)))
                .isInstanceOf(DamagedWeightsException.class)
                .hasMessageContaining("came instead of v2 from v1");
    }

    @Test
    void signedManifestsAreTakenAndForgedOnesRefused() throws IOException, GeneralSecurityException {
        KeyPair own = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        WeightsClient client = client(LIMITS, ManifestVerifier.ed25519(own.getPublic()), Optional.empty());
        assertThat(fetchBoth(server(LIMITS, ManifestSigner.ed25519(own.getPrivate()), Optional.empty()), client))
                .isTrue();
        assertThatThrownBy(() ->
                        fetchBoth(server(LIMITS, ManifestSigner.ed25519(other.getPrivate()), Optional.empty()), client))
                .isInstanceOf(DamagedWeightsException.class)
                .hasMessage("the manifest's signature is not the publisher's");
        assertThatThrownBy(() -> fetchBoth(server(LIMITS, ManifestSigner.NONE, Optional.empty()), client))
                .isInstanceOf(DamagedWeightsException.class)
                .hasMessage("the manifest is not signed");
    }

    @Test
    void underTlsBothSidesShowCertificates() throws IOException {
        Optional<PortTls> learner = Optional.of(tls(Authorities.trusted("learner-1", "learner")));
        Optional<PortTls> rollout = Optional.of(tls(Authorities.trusted("rollout-1", "rollout")));
        Optional<PortTls> stranger = Optional.of(tls(Authorities.foreign("rollout-2", "rollout")));
        WeightsServer server = server(LIMITS, ManifestSigner.NONE, learner);
        assertThat(fetchBoth(server, client(LIMITS, ManifestVerifier.NONE, rollout)))
                .isTrue();
        assertThatThrownBy(() -> fetchBoth(server, client(LIMITS, ManifestVerifier.NONE, stranger)))
                .isInstanceOf(IOException.class);
        PortLimits impatient = new PortLimits(8, Duration.ofSeconds(1), Duration.ofMillis(50), LONG);
        assertThatThrownBy(() -> fetchBoth(server, client(impatient, ManifestVerifier.NONE, Optional.empty())))
                .isInstanceOf(IOException.class);
        assertThat(fetchBoth(server, client(LIMITS, ManifestVerifier.NONE, rollout)))
                .isTrue();
    }

    @Test
    void manifestsSignedByALearnersCertificateAreTakenAndOthersRefused() throws IOException {
        ManifestVerifier anyLearner = ManifestVerifier.of(identity(Authorities.trusted("rollout-1", "rollout")));
        WeightsClient client = client(LIMITS, anyLearner, Optional.empty());
        assertThat(fetchBoth(
                        server(LIMITS, signer(Authorities.trusted("learner-1", "learner")), Optional.empty()), client))
                .isTrue();
        assertThatThrownBy(() -> fetchBoth(
                        server(LIMITS, signer(Authorities.trusted("rollout-2", "rollout")), Optional.empty()), client))
                .isInstanceOf(DamagedWeightsException.class)
                .hasMessage("the manifest is signed by CN=rollout-2, which is no learner");
        assertThatThrownBy(() -> fetchBoth(
                        server(LIMITS, signer(Authorities.foreign("learner-1", "learner")), Optional.empty()), client))
                .isInstanceOf(DamagedWeightsException.class)
                .hasMessageStartingWith("the manifest is not a learner's: the signature does not count: ");
        assertThatThrownBy(() -> fetchBoth(server(LIMITS, ManifestSigner.NONE, Optional.empty()), client))
                .isInstanceOf(DamagedWeightsException.class)
                .hasMessage("the manifest is not signed");
    }

    @Test
    void certificatesOfRolesWithoutWeightsAreRefusedOnBothSides() throws IOException {
        Optional<PortTls> learner = Optional.of(tls(Authorities.trusted("learner-1", "learner")));
        Optional<PortTls> reward = Optional.of(tls(Authorities.trusted("reward-1", "reward")));
        WeightsServer server = server(LIMITS, ManifestSigner.NONE, learner);
        assertThatThrownBy(() -> fetchBoth(server, client(LIMITS, ManifestVerifier.NONE, reward)))
                .isInstanceOf(IOException.class);
        WeightsServer impostor = server(LIMITS, ManifestSigner.NONE, reward);
        assertThatThrownBy(() -> fetchBoth(impostor, client(LIMITS, ManifestVerifier.NONE, learner)))
                .isInstanceOf(SSLException.class)
                .hasMessage("CN=reward-1 has a certificate for reward, and for none of learner, rollout");
    }

    @Test
    void randomBytesAtAPlainPortDisturbNobody() throws Exception {
        WeightsServer server = server(LIMITS, ManifestSigner.NONE, Optional.empty());
        AtomicInteger visits = new AtomicInteger();
        assertUndisturbed(server, client(LIMITS, ManifestVerifier.NONE, Optional.empty()), () -> {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            if (visits.incrementAndGet() % 2 == 0) { // through the first door
                socket.getOutputStream().write("RHW1".getBytes(StandardCharsets.US_ASCII));
            }
            return socket;
        });
    }

    @Test
    void randomBytesAtATlsPortAndWithinATlsSessionDisturbNobody() throws Exception {
        SSLContext peer = identity(Authorities.trusted("rollout-9", "rollout")).sslContext();
        WeightsServer server =
                server(LIMITS, ManifestSigner.NONE, Optional.of(tls(Authorities.trusted("learner-1", "learner"))));
        AtomicInteger visits = new AtomicInteger();
        WeightsClient client =
                client(LIMITS, ManifestVerifier.NONE, Optional.of(tls(Authorities.trusted("rollout-1", "rollout"))));
        assertUndisturbed(
                server,
                client,
                () -> visits.incrementAndGet() % 2 == 0
                        ? new Socket(InetAddress.getLoopbackAddress(), server.port())
                        : peer.getSocketFactory().createSocket("127.0.0.1", server.port()));
    }

    /// Fetches all the while.
    private void assertUndisturbed(WeightsServer server, WeightsClient client, Assault.Door door) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService beside = Executors.newSingleThreadExecutor()) {
            Future<Integer> fetched = beside.submit(() -> {
                int times = 0;
                do {
                    assertThat(fetchBoth(server, client)).isTrue();
                    times++;
                } while (!over.get());
                return times;
            });
            try {
                Assault.on(door);
            } finally {
                over.set(true);
            }
            assertThat(fetched.get(60, TimeUnit.SECONDS)).isPositive();
        }
        assertThat(refusals.count()).isPositive();
    }

    @Test
    void silentServerIsGivenUpAfterTheIdleLimit() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PortLimits impatient = new PortLimits(8, Duration.ofMillis(200), Duration.ofMillis(50), LONG);
            WeightsClient client = client(impatient, ManifestVerifier.NONE, Optional.empty());
            try (WeightsClient.Session session =
                    client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), silent.getLocalPort()))) {
                assertThatThrownBy(() -> session.fetch(TO_FIRST, Optional.empty(), FIRST.byteCount()))
                        .isInstanceOf(SocketTimeoutException.class)
                        .hasMessage("nothing moved for PT0.2S");
            }
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAtOnce() throws IOException {
        PortLimits one = new PortLimits(1, LONG, Duration.ofMillis(50), LONG);
        WeightsServer server = server(one, ManifestSigner.NONE, Optional.empty());
        WeightsClient client = client(LIMITS, ManifestVerifier.NONE, Optional.empty());
        try (WeightsClient.Session first = client.connect(addressOf(server))) {
            first.fetch(TO_FIRST, Optional.empty(), FIRST.byteCount());
            try (Socket second = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                assertThat(second.getInputStream().read()).isEqualTo(-1);
            }
            first.fetch(TO_FIRST, Optional.empty(), FIRST.byteCount());
        }
        assertThat(refusals.count()).isOne();
    }

    private boolean fetchBoth(WeightsServer server, WeightsClient client) throws IOException {
        WeightsSnapshot first =
                fetch(server, client, TO_FIRST, Optional.empty()).snapshot();
        WeightsSnapshot second =
                fetch(server, client, TO_SECOND, Optional.of(first)).snapshot();
        return first.equals(FIRST) && second.equals(SECOND);
    }

    private static Received fetch(WeightsServer server, WeightsClient client, Hop hop, Optional<WeightsSnapshot> base)
            throws IOException {
        try (WeightsClient.Session session = client.connect(addressOf(server))) {
            return session.fetch(hop, base, FIRST.byteCount());
        }
    }

    private static InetSocketAddress addressOf(WeightsServer server) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    }

    private WeightsServer server(PortLimits limits, ManifestSigner signer, Optional<PortTls> tls) throws IOException {
        WeightsServer.Source source = (hop, _) -> hop.equals(TO_FIRST)
                ? found(SNAPSHOT, signer)
                : hop.equals(TO_SECOND) ? found(DELTA, signer) : new Answer.NotHere();
        return server(source, limits, tls);
    }

    private static Answer found(Transfer transfer, ManifestSigner signer) {
        return new Answer.Found(Offer.of(transfer, signer));
    }

    private WeightsServer server(WeightsServer.Source source, PortLimits limits, Optional<PortTls> tls)
            throws IOException {
        WeightsServer server = WeightsServer.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), source, limits, tls, refusals);
        open.add(server);
        return server;
    }

    private WeightsClient client(PortLimits limits, ManifestVerifier verifier, Optional<PortTls> tls) {
        WeightsClient client = new WeightsClient(limits, tls, verifier, ContentMemory.NEW, WORKERS);
        open.add(client);
        return client;
    }

    private static PortTls tls(CredentialFiles files) {
        return PortTls.of(identity(files));
    }

    private static ManifestSigner signer(CredentialFiles files) {
        return ManifestSigner.of(identity(files));
    }

    private static NodeIdentity identity(CredentialFiles files) {
        return new NodeIdentity(new SecuritySettings(true, files, Duration.ofHours(1), true), Clock.systemUTC());
    }
}
