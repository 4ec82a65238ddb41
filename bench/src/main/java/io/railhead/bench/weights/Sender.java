package io.railhead.bench.weights;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.actors.security.Refusals;
import io.railhead.actors.weights.delta.BlockWorkers;
import io.railhead.actors.weights.delta.ContentSums;
import io.railhead.actors.weights.delta.Transfer;
import io.railhead.actors.weights.port.ManifestSigner;
import io.railhead.actors.weights.port.Offer;
import io.railhead.actors.weights.port.WeightsServer;
import io.railhead.actors.weights.port.WeightsShelf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.util.Optional;

/// A process that holds two versions and hands them out; and, at another port, as many bytes of nothing, written the
/// way iperf3 does it: one buffer again and again.
public final class Sender {
    private static final BlockWorkers WORKERS = BlockWorkers.ofThisMachine();
    private static final JsonMapper JSON = new JsonMapper();
    private static final int WARM_UP = 10; // encodings: a run makes thousands, and the compiler is busy with the first
    private static final int BUFFER = 1 << 17; // bytes, as iperf3's

    private Sender() {}

    /// Arguments: bytes of weights, seed, repetitions. Prints one line, and serves until its input ends.
    public static void main(String[] args) throws IOException {
        TwoVersions versions = TwoVersions.draw(Long.parseLong(args[0]), Long.parseLong(args[1]));
        ObjectNode line = JSON.createObjectNode().put("changed", versions.changedShare());
        ContentSums sums = ContentSums.of(versions.before(), WORKERS);
        Transfer delta = Transfer.snapshot(versions.before(), sums);
        var times = line.putArray("encode");
        int repetitions = Integer.parseInt(args[2]);
        for (int i = -WARM_UP; i < repetitions; i++) {
            long start = System.nanoTime();
            delta = Transfer.delta(versions.before(), sums.root(), versions.after(), WORKERS);
            if (i >= 0) {
                times.add((System.nanoTime() - start) / 1e6);
            }
        }
        WeightsShelf shelf = new WeightsShelf(1, 1);
        Offer snapshot = Offer.of(Transfer.snapshot(versions.before(), sums), ManifestSigner.NONE);
        Offer difference = Offer.of(delta, ManifestSigner.NONE);
        shelf.put(snapshot.hop(), () -> snapshot);
        shelf.put(difference.hop(), () -> difference);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (WeightsServer server = WeightsServer.listen(
                        any, shelf, Receiver.LIMITS, Optional.empty(), new Refusals(Clock.systemUTC()));
                ServerSocketChannel plain = ServerSocketChannel.open().bind(any)) {
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> writeForEver(plain, versions.before().byteCount()));
            line.put("bytes", versions.before().byteCount())
                    .put("delta_bytes", delta.chunkBytes())
                    .put("port", server.port())
                    .put("plain_port", ((InetSocketAddress) plain.getLocalAddress()).getPort())
                    .put("before", sums.root())
                    .put("after", delta.manifest().root());
            System.out.println(line);
            System.in.readAllBytes(); // nobody says anything until the end
        }
    }

    private static void writeForEver(ServerSocketChannel plain, long bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        while (plain.isOpen()) {
            try (SocketChannel channel = plain.accept()) {
                for (long left = bytes; left > 0; ) {
                    buffer.clear().limit((int) Math.min(BUFFER, left));
                    left -= channel.write(buffer);
                }
            } catch (IOException _) {
                return; // closed at the end
            }
        }
    }
}
