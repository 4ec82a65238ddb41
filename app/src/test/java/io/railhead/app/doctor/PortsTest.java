package io.railhead.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PortsTest {
    private static final String ANY = "railhead { weights.port = 0, http { port = 0, health-port = 0 } }\n";

    private static Map<String, Finding> look(String settings) {
        Config config = ConfigFactory.parseString(ANY)
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
        return Ports.of(ConfigFactory.parseString(settings).withFallback(config).resolve()).stream()
                .collect(Collectors.toMap(Finding::check, finding -> finding));
    }

    @Test
    void aTakenPortIsBadForANodeOfACluster() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = "railhead.cluster.port = " + taken.getLocalPort();
            Finding node = look(port + ", railhead.cluster.roles = [rollout]").get("cluster.port");
            assertThat(node.good()).isFalse();
            assertThat(node.finding()).contains("127.0.0.1:" + taken.getLocalPort(), "in use");
            assertThat(node.mend()).contains("railhead.cluster.port", "0 takes a free one");
            Finding alone = look(port).get("cluster.port");
            assertThat(alone.good()).isTrue();
            assertThat(alone.finding()).contains("in use", "a run in one JVM does not need it");
        }
    }

    @Test
    void allFourPortsAreLookedAtWhereTheConfigurationHasThem() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            for (String key : new String[] {"weights.port", "http.port", "http.health-port"}) {
                Map<String, Finding> findings =
                        look("railhead { cluster { port = 0, roles = [learner] }, %s = %d }".formatted(key, port));
                assertThat(findings).hasSize(4);
                findings.forEach(
                        (name, finding) -> assertThat(finding.good()).as(name).isEqualTo(!name.equals(key)));
            }
            assertThat(look("railhead { cluster.port = 0, http { enabled = true, port = %d } }".formatted(port))
                            .get("http.port")
                            .good())
                    .isFalse();
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNamed() {
        Finding finding = look("railhead.cluster { port = 0, host = \"192.0.2.1\", roles = [reward] }")
                .get("cluster.port");
        assertThat(finding.good()).isFalse();
        assertThat(finding.finding()).contains("192.0.2.1", "no address of this machine");
        assertThat(finding.mend()).contains("railhead.cluster.host");
    }

    @Test
    void aWrongPortIsAFindingToo() {
        assertThat(look("railhead.cluster.port = 70000").get("ports").finding()).contains("railhead.cluster.port");
    }
}
