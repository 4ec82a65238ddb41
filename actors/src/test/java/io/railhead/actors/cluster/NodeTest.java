package io.railhead.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.RolloutCommand.LeasesGranted;
import io.railhead.actors.protocol.RolloutCommand.LeasesRevoked;
import io.railhead.actors.settings.ConfigurationException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.junit.jupiter.api.Test;

class NodeTest {
    static final Duration DEADLINE = Duration.ofSeconds(60);
    static final Config CONFIG = ConfigFactory.parseString("""
            railhead.cluster { port = 0, exit-when-removed = false, roles = [rollout] }
            """).withFallback(ConfigFactory.load());

    @Test
    void localNodeStartsAndStopsWithoutAWarning() throws Exception {
        try (RecordedLogs logs = RecordedLogs.open()) {
            Node<String> node = Node.local(Behaviors.empty(), CONFIG);
            assertThat(node.address()).isEqualTo("local");
            node.stop(DEADLINE);
            assertThat(logs.warnings()).isEmpty();
        }
    }

    @Test
    void twoNodesFindEachOtherAndExchangeBothKindsOfMessages() throws Exception {
        LinkedBlockingQueue<RolloutCommand> heard = new LinkedBlockingQueue<>();
        LeasesGranted granted = new LeasesGranted(List.of());
        LeasesRevoked revoked = new LeasesRevoked(List.of(new LeaseId(7)));
        try (RecordedLogs logs = RecordedLogs.open()) {
            Node<RolloutCommand> first = Node.clustered(worker(heard), ClusterSettings.from(CONFIG), CONFIG);
            Config joining = ConfigFactory.parseString("railhead.cluster.seed-nodes = [\"" + first.address() + "\"]")
                    .withFallback(CONFIG);
            Node<Receptionist.Listing> second =
                    Node.clustered(greeter(granted, revoked), ClusterSettings.from(joining), joining);
            assertThat(heard.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(granted);
            assertThat(heard.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(revoked);
            assertThat(first.system().settings().config().getBoolean("pekko.actor.allow-java-serialization"))
                    .isFalse();
            assertThat(logs.warnings()).isEmpty();
            second.stop(DEADLINE);
            first.stop(DEADLINE);
        }
    }

    @Test
    void portInUseIsAConfigurationErrorThatNamesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Config config = ConfigFactory.parseString("railhead.cluster.port = " + taken.getLocalPort())
                    .withFallback(CONFIG);
            ClusterSettings settings = ClusterSettings.from(config);
            assertThatThrownBy(() -> Node.clustered(Behaviors.<String>empty(), settings, config))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + " (railhead.cluster.host, railhead.cluster.port): Address already in use");
        }
    }

    static Behavior<RolloutCommand> worker(LinkedBlockingQueue<RolloutCommand> heard) {
        return Behaviors.setup(context -> {
            context.getSystem()
                    .receptionist()
                    .tell(Receptionist.register(ServiceKeys.of(Incarnation.NONE).rolloutWorker(), context.getSelf()));
            return Behaviors.receiveMessage(message -> {
                heard.add(message);
                return Behaviors.same();
            });
        });
    }

    /// Tells both messages to the first worker that it finds.
    static Behavior<Receptionist.Listing> greeter(LeasesGranted granted, LeasesRevoked revoked) {
        return Behaviors.setup(context -> {
            context.getSystem()
                    .receptionist()
                    .tell(Receptionist.subscribe(
                            ServiceKeys.of(Incarnation.NONE).rolloutWorker(), context.getSelf()));
            return Behaviors.receiveMessage(listing -> {
                listing.getServiceInstances(ServiceKeys.of(Incarnation.NONE).rolloutWorker())
                        .forEach(worker -> {
                            worker.tell(granted);
                            worker.tell(revoked);
                        });
                return Behaviors.same();
            });
        });
    }
}
