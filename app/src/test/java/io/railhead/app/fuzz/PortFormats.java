package io.railhead.app.fuzz;

import com.google.protobuf.InvalidProtocolBufferException;
import io.railhead.actors.security.Refusals;
import io.railhead.actors.weights.delta.BlockWorkers;
import io.railhead.actors.weights.delta.ContentMemory;
import io.railhead.actors.weights.delta.ContentSums;
import io.railhead.actors.weights.delta.DamagedWeightsException;
import io.railhead.actors.weights.delta.Transfer;
import io.railhead.actors.weights.port.Hop;
import io.railhead.actors.weights.port.ManifestSigner;
import io.railhead.actors.weights.port.ManifestVerifier;
import io.railhead.actors.weights.port.Offer;
import io.railhead.actors.weights.port.PortLimits;
import io.railhead.actors.weights.port.TransferReading;
import io.railhead.actors.weights.port.WeightsClient;
import io.railhead.actors.weights.port.WeightsServer;
import io.railhead.actors.weights.port.WeightsShelf;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// What comes through the weights port: requests to a server, and a server's answers, a snapshot's and a delta's,
/// chunks and all. Over real connections.
final class PortFormats implements Closeable {
    private static final BlockWorkers ALONE = new BlockWorkers(1);
    private static final PortLimits LIMITS =
            new PortLimits(64, Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofSeconds(20));
    private static final int REQUEST_LIMIT = 1 << 12; // bytes

    private final WeightsSnapshot before = weights(1);
    private final WeightsSnapshot after = weights(2);
    private final Offer snapshot =
            Offer.of(Transfer.snapshot(before, ContentSums.of(before, ALONE)), ManifestSigner.NONE);
    private final Offer delta =
            Offer.of(Transfer.delta(before, ContentSums.of(before, ALONE).root(), after, ALONE), ManifestSigner.NONE);
    private final WeightsServer server;
    private final ServerSocket liar = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final BlockingQueue<byte[]> requests = new LinkedBlockingQueue<>();
    private final WeightsClient client =
            new WeightsClient(LIMITS, Optional.empty(), ManifestVerifier.NONE, ContentMemory.NEW, ALONE);
    private volatile byte[] answer = {};

    PortFormats() throws IOException {
        WeightsShelf shelf = new WeightsShelf(2, 2);
        shelf.put(snapshot.hop(), () -> snapshot);
        shelf.put(delta.hop(), () -> delta);
        server = WeightsServer.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                shelf,
                LIMITS,
                Optional.empty(),
                new Refusals(Clock.systemUTC()));
        Thread.ofVirtual().start(this::lie);
    }

    private static WeightsSnapshot weights(long version) {
        Random random = new Random(7); // so that some values of the versions differ, and few
        float[] values = new float[3_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() + (i % 400 == 0 ? version : 0);
        }
        return new WeightsSnapshot(
                new PolicyVersion(version), List.of(NamedTensor.ofFloats("a", List.of((long) values.length), values)));
    }

    List<Format> all() throws IOException, InterruptedException {
        byte[] forSnapshot = request(snapshot.hop());
        byte[] forDelta = request(delta.hop());
        return List.of(
                Format.of(
                        "weights transfer",
                        60_000,
                        List.of(
                                snapshot.manifest().getTransfer().toByteArray(),
                                delta.manifest().getTransfer().toByteArray()),
                        TransferReading::read,
                        List.of(InvalidProtocolBufferException.class, DamagedWeightsException.class)),
                Format.of(
                        "weights requests",
                        2_000,
                        List.of(forSnapshot, forDelta),
                        this::answerTo, // or the end of the connection: a refusal is the server's own affair
                        List.of()),
                answers("weights snapshots", answerTo(forSnapshot), snapshot.hop()),
                answers("weights deltas", answerTo(forDelta), delta.hop()));
    }

    private Format answers(String name, byte[] good, Hop hop) {
        return Format.of(
                name,
                4_000,
                List.of(good),
                input -> fetch(input, hop),
                List.of(DamagedWeightsException.class, IOException.class));
    }

    private byte[] request(Hop hop) throws InterruptedException {
        requests.clear();
        try {
            fetch(new byte[0], hop);
        } catch (IOException _) {
            return requests.take(); // nothing was answered
        }
        throw new AssertionError("an empty answer was taken for weights");
    }

    private void fetch(byte[] answered, Hop hop) throws IOException {
        answer = answered;
        try (WeightsClient.Session session =
                client.connect(new InetSocketAddress(liar.getInetAddress(), liar.getLocalPort()))) {
            session.fetch(hop, hop.base().map(_ -> before), before.byteCount());
        }
    }

    private byte[] answerTo(byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            return socket.getInputStream().readAllBytes();
        } catch (SocketException _) {
            return new byte[0]; // the server closed with bytes of ours unread
        }
    }

    /// Answers whatever it is told to.
    private void lie() {
        while (!liar.isClosed()) {
            try (Socket socket = liar.accept()) {
                InputStream in = socket.getInputStream();
                byte[] request = new byte[REQUEST_LIMIT];
                int length = in.read(request);
                requests.add(Arrays.copyOf(request, Math.max(0, length)));
                socket.getOutputStream().write(answer);
                socket.shutdownOutput();
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException _) {
                // the client has gone, or the end
            }
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
        liar.close();
    }
}
