package io.railhead.actors.cluster.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.cluster.gate.RefusedConnections.Cut;
import org.junit.jupiter.api.Test;

class RefusedConnectionsTest {
    @Test
    void foreignBytesAreTheAddresssFault() {
        assertThat(RefusedConnections.cut("Aborting connection from 10.1.2.3:40112 because of downstream failure: "
                        + "org.apache.pekko.stream.scaladsl.Framing$FramingException: Stream didn't start with"))
                .contains(new Cut("10.1.2.3", "bytes that are not Artery's"));
    }

    @Test
    void aPeerWithoutACertificateIsNamedByItsAddress() {
        assertThat(RefusedConnections.cut(
                        "Aborting tcp connection to node-7/10.1.2.3:40112 because of upstream failure: "
                                + UnnamedPeerException.class.getName() + ": Empty client certificate chain"))
                .contains(new Cut("10.1.2.3", "it shows no certificate that counts: Empty client certificate chain"));
    }

    @Test
    void connectionsThatEndAreNotRefused() {
        assertThat(RefusedConnections.cut("Aborting connection from 10.1.2.3:40112 because of downstream failure: "
                        + "org.apache.pekko.stream.StreamTcpException: The connection has been aborted"))
                .isEmpty();
        assertThat(RefusedConnections.cut("Aborting tcp connection to /10.1.2.3:40112 because of upstream failure: "
                        + RefusedException.class.getName() + ": named already"))
                .isEmpty();
        assertThat(RefusedConnections.cut("anything else")).isEmpty();
    }
}
