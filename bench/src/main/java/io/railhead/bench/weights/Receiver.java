package io.railhead.bench.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.actors.weights.ReadyMemory;
import io.railhead.actors.weights.delta.BlockWorkers;
import io.railhead.actors.weights.delta.TransferManifest.Base;
import io.railhead.actors.weights.port.Hop;
import io.railhead.actors.weights.port.ManifestVerifier;
import io.railhead.actors.weights.port.PortLimits;
import io.railhead.actors.weights.port.WeightsClient;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// A process that fetches both versions from the sender, over the loopback and over a line of 1 Gbit/s.
///
/// Everything is verified as on a node; memory was made ready before, with the first version in it, as on a
/// node that has fetched it.
public final class Receiver {
    static final PortLimits LIMITS =
            new PortLimits(8, Duration.ofSeconds(60), Duration.ofSeconds(5), Duration.ofMinutes(30));

    private static final JsonMapper JSON = new JsonMapper();
    private static final PolicyVersion FIRST = new PolicyVersion(1);
    private static final int BUFFER = 1 << 17; // bytes, as iperf3's
    private static final double MILLION = 1e6;

    private final JsonNode sender;
    private final long bytes;
    private final ReadyMemory memory = new ReadyMemory();
    private final WeightsClient client =
            new WeightsClient(LIMITS, Optional.empty(), ManifestVerifier.NONE, memory, BlockWorkers.ofThisMachine());

    private Receiver(JsonNode sender) {
        this.sender = sender;
        this.bytes = sender.get("bytes").longValue();
    }

    /// Arguments: the sender's line, repetitions. Waits for a line on standard input before each repetition over the
    /// loopback, and says when it is over. Its last line has lists of milliseconds.
    public static void main(String[] args) throws IOException {
        ObjectNode line = new Receiver(JSON.readTree(args[0])).measured(Integer.parseInt(args[1]));
        System.out.println(line);
    }

    private ObjectNode measured(int repetitions) throws IOException {
        Hop snapshot = Hop.snapshot(FIRST, sender.get("before").textValue());
        Hop delta = new Hop(
                FIRST.next(),
                sender.get("after").textValue(),
                Optional.of(new Base(FIRST, sender.get("before").textValue())));
        InetSocketAddress near = at(sender.get("port").intValue());
        WeightsSnapshot base = fetch(near, snapshot, Optional.empty());
        fetch(near, delta, Optional.of(base));
        ObjectNode line = JSON.createObjectNode();
        ArrayNode plain = line.putArray("plain");
        ArrayNode snapshots = line.putArray("snapshot");
        ArrayNode deltas = line.putArray("delta");
        ArrayNode slowSnapshots = line.putArray("slow_snapshot");
        ArrayNode slowDeltas = line.putArray("slow_delta");
        BufferedReader turns = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (int i = 0; i < repetitions && turns.readLine() != null; i++) {
            snapshots.add(timed(base, () -> fetch(near, snapshot, Optional.empty())));
            plain.add(timed(base, this::readPlain));
            deltas.add(timed(base, () -> fetch(near, delta, Optional.of(base))));
            System.out.println("over");
        }
        try (SlowLine slow = SlowLine.to(near)) {
            for (int i = 0; i < repetitions; i++) {
                slowSnapshots.add(timed(base, () -> fetch(slow.address(), snapshot, Optional.empty())));
                slowDeltas.add(timed(base, () -> fetch(slow.address(), delta, Optional.of(base))));
            }
        }
        return line;
    }

    private interface Task {
        Object run() throws IOException;
    }

    private double timed(WeightsSnapshot present, Task task) throws IOException {
        memory.prepare(Optional.of(present));
        long start = System.nanoTime();
        task.run();
        return (System.nanoTime() - start) / MILLION;
    }

    private WeightsSnapshot fetch(InetSocketAddress from, Hop hop, Optional<WeightsSnapshot> base) throws IOException {
        try (WeightsClient.Session session = client.connect(from)) {
            return session.fetch(hop, base, bytes).snapshot();
        }
    }

    private Object readPlain() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try (SocketChannel channel =
                SocketChannel.open(at(sender.get("plain_port").intValue()))) {
            int count = channel.read(buffer);
            while (count >= 0) {
                count = channel.read(buffer.clear());
            }
        }
        return buffer;
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
