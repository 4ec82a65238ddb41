package io.railhead.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.Assault;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.RolloutCommand.LeasesRevoked;
import io.railhead.actors.security.Authorities;
import io.railhead.actors.security.NodeIdentity;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/// 100,000 messages of random bytes at a node's port while two nodes work: none disturbs them, and the log
/// names the peer once.
class HostilePeersTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @Test
    void randomBytesAtAPlainPortDisturbNothing() throws Exception {
        Config worker = NodeTest.CONFIG;
        Config controller = ConfigFactory.parseString("railhead.cluster.roles = [controller]")
                .withFallback(NodeTest.CONFIG);
        assertThat(undisturbed(worker, controller, port -> () -> new Socket(InetAddress.getLoopbackAddress(), port)))
                .containsExactly("refused 127.0.0.1: bytes that are not Artery's");
    }

    @Test
    void randomBytesAtATlsPortAndWithinATlsSessionDisturbNothing() throws Exception {
        SSLContext context = NodeIdentity.of(
                        TlsNodeTest.config(Authorities.trusted("reward-9", "reward"), List.of("reward"), List.of()))
                .orElseThrow()
                .sslContext();
        AtomicInteger visits = new AtomicInteger();
        assertThat(undisturbed(rollout(), controller(), port -> () -> {
                    if (visits.incrementAndGet() % 2 == 0) {
                        return new Socket(InetAddress.getLoopbackAddress(), port);
                    }
                    Socket socket = context.getSocketFactory().createSocket("127.0.0.1", port);
                    socket.getOutputStream().write(new byte[] {'A', 'K', 'K', 'A', 2, 64, 0, 0, 0});
                    return socket;
                }))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).startsWith("refused 127.0.0.1: it shows no certificate that counts: "),
                        line -> assertThat(line).startsWith("refused CN=reward-9: "));
    }

    @Test
    void aRecordThatFitsNoBufferEndsItsConnection() throws Exception {
        Config config = rollout();
        Node<RolloutCommand> node =
                Node.clustered(NodeTest.worker(new LinkedBlockingQueue<>()), ClusterSettings.from(config), config);
        int port = Integer.parseInt(node.address().replaceAll(".*:", ""));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) DEADLINE.toMillis());
            byte[] record = new byte[20_000];
            System.arraycopy(new byte[] {22, 3, 3, 0x4e, 0x20}, 0, record, 0, 5); // a handshake of 20,000 bytes
            socket.getOutputStream().write(record);
            socket.getInputStream().readAllBytes();
        } catch (SocketException _) {
            // hung up on with bytes unread; one that is kept waiting ends in a SocketTimeoutException
        }
        node.stop(DEADLINE);
    }

    private static Config rollout() {
        return TlsNodeTest.config(Authorities.trusted("rollout-1", "rollout"), List.of("rollout"), List.of());
    }

    private static Config controller() {
        return TlsNodeTest.config(Authorities.trusted("controller-1", "controller"), List.of("controller"), List.of());
    }

    private interface DoorOf {
        Assault.Door at(int port);
    }

    /// What was logged while one node told the other number after number, all of which arrived in order.
    private static List<String> undisturbed(Config first, Config second, DoorOf doors) throws Exception {
        LinkedBlockingQueue<RolloutCommand> heard = new LinkedBlockingQueue<>();
        try (RecordedLogs logs = RecordedLogs.open()) {
            Node<RolloutCommand> worker = Node.clustered(NodeTest.worker(heard), ClusterSettings.from(first), first);
            Config joining = ConfigFactory.parseString("railhead.cluster.seed-nodes = [\"" + worker.address() + "\"]")
                    .withFallback(second);
            Node<RolloutCommand> controller = Node.clustered(Teller.create(), ClusterSettings.from(joining), joining);
            List<RolloutCommand> all = new ArrayList<>();
            all.add(heard.poll(60, TimeUnit.SECONDS)); // the nodes have met
            int port = Integer.parseInt(worker.address().replaceAll(".*:", ""));
            Assault.on(doors.at(port));
            controller.system().tell(new RolloutCommand.Drain()); // the teller's last word
            RolloutCommand next = heard.poll(60, TimeUnit.SECONDS);
            while (next instanceof LeasesRevoked) {
                all.add(next);
                next = heard.poll(60, TimeUnit.SECONDS);
            }
            assertThat(next).isEqualTo(new RolloutCommand.Drain());
            assertThat(all)
                    .isEqualTo(LongStream.rangeClosed(1, all.size())
                            .mapToObj(n -> new LeasesRevoked(List.of(new LeaseId(n))))
                            .toList());
            List<String> said = logs.warnings();
            controller.stop(DEADLINE);
            worker.stop(DEADLINE);
            return said.stream().map(line -> line.replaceAll("^WARN \\S+ ", "")).toList();
        }
    }
}
