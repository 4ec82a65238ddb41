package io.railhead.actors.weights.port;

import io.railhead.actors.security.NodeIdentity;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// TLS at the weights port, with certificates on both sides.
///
/// @param verifyHosts whether the asked node's certificate must name its host
public record PortTls(SSLContext context, boolean verifyHosts) {
    public static PortTls of(NodeIdentity identity) {
        return new PortTls(identity.sslContext(), identity.settings().verifyHosts());
    }

    void asServer(SSLSocket socket) {
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setNeedClientAuth(true);
        socket.setSSLParameters(parameters);
        socket.setUseClientMode(false);
    }

    void asClient(SSLSocket socket) {
        SSLParameters parameters = context.getDefaultSSLParameters();
        if (verifyHosts) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        socket.setSSLParameters(parameters);
        socket.setUseClientMode(true);
    }
}
