package io.railhead.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.RolloutCommand.LeasesGranted;
import io.railhead.actors.protocol.RolloutCommand.LeasesRevoked;
import io.railhead.actors.security.Authorities;
import io.railhead.actors.security.CredentialFiles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.junit.jupiter.api.Test;

class TlsNodeTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @Test
    void nodesWithCertificatesOfOneAuthorityExchangeBothKindsOfMessages() throws Exception {
        LinkedBlockingQueue<RolloutCommand> heard = new LinkedBlockingQueue<>();
        LeasesGranted granted = new LeasesGranted(List.of());
        LeasesRevoked revoked = new LeasesRevoked(List.of(new LeaseId(7)));
        Config rollout = config(Authorities.trusted("rollout-1", "rollout"), List.of("rollout"), List.of());
        try (RecordedLogs logs = RecordedLogs.open()) {
            Node<RolloutCommand> first = Node.clustered(NodeTest.worker(heard), ClusterSettings.from(rollout), rollout);
            Config controller = config(
                    Authorities.trusted("controller-1", "controller"), List.of("controller"), List.of(first.address()));
            Node<Receptionist.Listing> second =
                    Node.clustered(NodeTest.greeter(granted, revoked), ClusterSettings.from(controller), controller);
            assertThat(heard.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(granted);
            assertThat(heard.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(revoked);
            assertThat(logs.warnings()).isEmpty();
            second.stop(DEADLINE);
            first.stop(DEADLINE);
        }
    }

    static Config config(CredentialFiles files, List<String> roles, List<String> seeds) {
        return ConfigFactory.parseMap(Map.of(
                        "railhead.cluster.port",
                        0,
                        "railhead.cluster.exit-when-removed",
                        false,
                        "railhead.cluster.roles",
                        roles,
                        "railhead.cluster.seed-nodes",
                        seeds,
                        "railhead.security.tls",
                        true,
                        "railhead.security.certificate",
                        files.certificate().toString(),
                        "railhead.security.key",
                        files.key().toString(),
                        "railhead.security.ca",
                        files.ca().toString()))
                .withFallback(ConfigFactory.load());
    }
}
