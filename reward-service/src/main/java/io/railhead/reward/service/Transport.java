package io.railhead.reward.service;

import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.grpc.netty.shaded.io.netty.handler.ssl.JdkSslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.railhead.actors.security.BoundedEngine;
import io.railhead.actors.security.NodeIdentity;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;

/// TLS at both doors of the service, over one context.
///
/// @param clientCertificates whether clients must show certificates
record Transport(SSLContext context, boolean clientCertificates) {
    /// The service's own files come first; without them, the node's identity.
    ///
    /// @throws ServiceStartException if a file is missing or not what it should be
    static Optional<Transport> of(ServiceSettings settings, Optional<NodeIdentity> identity) {
        return settings.tls()
                .map(tls -> new Transport(PemFiles.context(tls), tls.clientCa().isPresent()))
                .or(() -> identity.map(own -> new Transport(own.sslContext(), true)));
    }

    HttpsConnectionContext https() {
        return ConnectionContext.httpsServer(() -> {
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            engine.setNeedClientAuth(clientCertificates);
            return new BoundedEngine(engine);
        });
    }

    SslContext grpc() {
        return new JdkSslContext(
                context,
                false,
                null,
                IdentityCipherSuiteFilter.INSTANCE,
                new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        "h2"),
                clientCertificates ? ClientAuth.REQUIRE : ClientAuth.NONE,
                null,
                false);
    }
}
