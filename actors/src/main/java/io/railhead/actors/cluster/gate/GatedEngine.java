package io.railhead.actors.cluster.gate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// An engine like `inner` that shows everything it decrypts to a watch before its caller gets it.
final class GatedEngine extends SSLEngine {
    /// Sees one connection.
    interface Watch {
        /// @throws RefusedException if the connection must end here
        void decrypted(SSLSession session, ByteBuffer bytes);

        /// The connection ends in the handshake, or by bytes that are not TLS.
        ///
        /// @return what the caller gets
        RuntimeException failed(SSLException cause);
    }

    private final SSLEngine inner;
    private final Watch watch;

    GatedEngine(SSLEngine inner, Watch watch) {
        super(inner.getPeerHost(), inner.getPeerPort());
        this.inner = inner;
        this.watch = watch;
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) {
        int[] before = Arrays.stream(targets).mapToInt(ByteBuffer::position).toArray();
        SSLEngineResult result;
        try {
            result = inner.unwrap(source, targets, offset, length);
        } catch (SSLException e) {
            throw watch.failed(e);
        }
        for (int i = offset; i < offset + length && result.bytesProduced() > 0; i++) {
            ByteBuffer target = targets[i];
            watch.decrypted(inner.getSession(), target.duplicate().flip().position(before[i]));
        }
        return result;
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) throws SSLException {
        return inner.wrap(sources, offset, length, target);
    }

    @Override
    public @Nullable Runnable getDelegatedTask() {
        return inner.getDelegatedTask();
    }

    @Override
    public void closeInbound() throws SSLException {
        inner.closeInbound();
    }

    @Override
    public boolean isInboundDone() {
        return inner.isInboundDone();
    }

    @Override
    public void closeOutbound() {
        inner.closeOutbound();
    }

    @Override
    public boolean isOutboundDone() {
        return inner.isOutboundDone();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return inner.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return inner.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        inner.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return inner.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return inner.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        inner.setEnabledProtocols(protocols);
    }

    @Override
    public SSLSession getSession() {
        return inner.getSession();
    }

    @Override
    public @Nullable SSLSession getHandshakeSession() {
        return inner.getHandshakeSession();
    }

    @Override
    public void beginHandshake() throws SSLException {
        inner.beginHandshake();
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        return inner.getHandshakeStatus();
    }

    @Override
    public void setUseClientMode(boolean client) {
        inner.setUseClientMode(client);
    }

    @Override
    public boolean getUseClientMode() {
        return inner.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        inner.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return inner.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        inner.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return inner.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean enable) {
        inner.setEnableSessionCreation(enable);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return inner.getEnableSessionCreation();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return inner.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        inner.setSSLParameters(parameters);
    }
}
