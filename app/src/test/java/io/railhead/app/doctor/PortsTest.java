package io.railhead.app.doctor;

import static java.util.Objects.requireNonNull;
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
        Config others = ConfigFactory.parseString(ANY).withFallback(ConfigFactory.defaultReference());
        Config config = ConfigFactory.parseString(settings).withFallback(others).resolve();
        return Ports.of(config).stream().collect(Collectors.toMap(Finding::check, finding -> finding));
    }

    private static Finding finding(String check, String settings) {
        return requireNonNull(look(settings).get(check));
    }

    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @Test
    void aTakenPortIsBadForANodeOfACluster() throws IOException {
        try (ServerSocket taken = taken()) {
            String port = "railhead.cluster.port = " + taken.getLocalPort();
            Finding node = finding("cluster.port", port + ", railhead.cluster.roles = [rollout]");
            assertThat(node.good()).isFalse();
            assertThat(node.finding()).contains("127.0.0.1:" + taken.getLocalPort(), "in use");
            assertThat(node.mend()).contains("railhead.cluster.port", "0 takes a free one");
            Finding alone = finding("cluster.port", port);
            assertThat(alone.good()).isTrue();
            assertThat(alone.finding()).contains("in use", "a run in one JVM does not need it");
        }
    }

    @Test
    void allFourPortsAreLookedAtWhereTheConfigurationHasThem() throws IOException {
        try (ServerSocket taken = taken()) {
            int port = taken.getLocalPort();
            for (String key : new String[] {"weights.port", "http.port", "http.health-port"}) {
                Map<String, Finding> findings =
                        look("railhead { cluster { port = 0, roles = [learner] }, %s = %d }".formatted(key, port));
                assertThat(findings).hasSize(4);
                findings.forEach(
                        (name, finding) -> assertThat(finding.good()).as(name).isEqualTo(!name.equals(key)));
            }
            String alone = "railhead { cluster.port = 0, http { enabled = true, port = %d } }".formatted(port);
            assertThat(finding("http.port", alone).good()).isFalse();
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNamed() {
        Finding finding =
                finding("cluster.port", "railhead.cluster { port = 0, host = \"192.0.2.1\", roles = [reward] }");
        assertThat(finding.good()).isFalse();
        assertThat(finding.finding()).contains("192.0.2.1", "no address of this machine");
        assertThat(finding.mend()).contains("railhead.cluster.host");
    }

    @Test
    void aWrongPortIsAFindingToo() {
        assertThat(finding("ports", "railhead.cluster.port = 70000").finding()).contains("railhead.cluster.port");
    }
}
