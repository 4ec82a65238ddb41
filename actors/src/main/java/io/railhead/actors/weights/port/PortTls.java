package io.railhead.actors.weights.port;

import io.railhead.actors.security.CertificateRoles;
import io.railhead.actors.security.NodeIdentity;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/// TLS at the weights port, with certificates on both sides, which must be for a role that carries weights.
public record PortTls(NodeIdentity identity) {
    /// Who makes weights and who serves them; the others have no use for them.
    private static final Set<String> CARRIERS =
            Collections.unmodifiableSet(new TreeSet<>(Set.of("learner", "rollout")));

    public static PortTls of(NodeIdentity identity) {
        return new PortTls(identity);
    }

    SSLContext context() {
        return identity.sslContext();
    }

    void asServer(SSLSocket socket) {
        SSLParameters parameters = context().getDefaultSSLParameters();
        parameters.setNeedClientAuth(true);
        socket.setSSLParameters(parameters);
        socket.setUseClientMode(false);
    }

    void asClient(SSLSocket socket) {
        SSLParameters parameters = context().getDefaultSSLParameters();
        if (identity.settings().verifyHosts()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        socket.setSSLParameters(parameters);
        socket.setUseClientMode(true);
    }

    /// @throws SSLException if the peer's certificate is for none of the roles that carry weights
    static void requireCarrier(SSLSession session) throws SSLException {
        CertificateRoles peer = CertificateRoles.of((X509Certificate) session.getPeerCertificates()[0]);
        if (Collections.disjoint(peer.roles(), CARRIERS)) {
            throw new SSLException("%s has a certificate for %s, and for none of %s"
                    .formatted(
                            peer.name(),
                            peer.roles().isEmpty() ? "no role" : String.join(", ", new TreeSet<>(peer.roles())),
                            String.join(", ", CARRIERS)));
        }
    }
}
