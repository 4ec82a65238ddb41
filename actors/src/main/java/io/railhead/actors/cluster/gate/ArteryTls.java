package io.railhead.actors.cluster.gate;

import io.railhead.actors.security.BoundedEngine;
import io.railhead.actors.security.CertificateRoles;
import io.railhead.actors.security.NodeIdentity;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.jspecify.annotations.Nullable;
import scala.Option;

/// Artery's connections over TLS with certificates on both sides, each incoming one behind a [Gate].
///
/// Connections go one way: what a peer says comes on connections that it made itself, so the certificate of an
/// incoming connection is that of the sender of all that comes on it.
public final class ArteryTls implements SSLEngineProvider {
    private final NodeIdentity identity;
    private final int largestFrame;

    /// @param largestFrame bytes of a frame, as Artery is configured
    public ArteryTls(NodeIdentity identity, int largestFrame) {
        this.identity = identity;
        this.largestFrame = largestFrame;
    }

    @Override
    public SSLEngine createServerSSLEngine(String host, int port) {
        SSLEngine engine = identity.sslContext().createSSLEngine(host, port);
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(true);
        return new GatedEngine(engine, new Incoming());
    }

    @Override
    public SSLEngine createClientSSLEngine(String host, int port) {
        SSLEngine engine = identity.sslContext().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        if (identity.settings().verifyHosts()) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            engine.setSSLParameters(parameters);
        }
        return new BoundedEngine(engine);
    }

    @Override
    public Option<Throwable> verifyClientSession(String host, SSLSession session) {
        return requireRole(session);
    }

    @Override
    public Option<Throwable> verifyServerSession(String host, SSLSession session) {
        return requireRole(session);
    }

    /// A certificate of the right authority that is not a node's.
    private Option<Throwable> requireRole(SSLSession session) {
        CertificateRoles peer = peer(session);
        if (!peer.roles().isEmpty()) {
            return Option.empty();
        }
        RefusedException refused = new RefusedException("its certificate has no role");
        identity.refusals().refused(peer.name(), "its certificate has no role");
        return Option.apply(refused);
    }

    private static CertificateRoles peer(SSLSession session) {
        try {
            return CertificateRoles.of((X509Certificate) session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException("a session without the certificate that it needs", e);
        }
    }

    private final class Incoming implements GatedEngine.Watch {
        private @Nullable Frames frames;

        @Override
        public void decrypted(SSLSession session, ByteBuffer bytes) {
            if (frames == null) {
                Gate gate = new Gate(peer(session), identity.settings().verifyHosts());
                frames = new Frames(largestFrame, frame -> gate.check(Frame.read(frame)));
            }
            try {
                frames.add(bytes);
            } catch (RefusedException e) {
                identity.refusals().refused(peer(session).name(), String.valueOf(e.getMessage()));
                throw e;
            }
        }

        @Override
        public RuntimeException failed(SSLException cause) {
            boolean named = Stream.iterate((Throwable) cause, Objects::nonNull, Throwable::getCause)
                    .anyMatch(CertificateException.class::isInstance); // by who judges certificates
            return named ? new RefusedException(String.valueOf(cause.getMessage())) : new UnnamedPeerException(cause);
        }
    }
}
