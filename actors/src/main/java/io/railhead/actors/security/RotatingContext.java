package io.railhead.actors.security;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/// A context that stays the same object while what is behind it changes: whoever holds it makes new connections
/// with the newest credentials. Sessions of old credentials cannot be resumed, since each context behind it
/// keeps its own.
final class RotatingContext extends SSLContext {
    static final String PROTOCOL = "TLSv1.3";

    RotatingContext(Supplier<SSLContext> newest) {
        super(new Spi(newest), newest.get().getProvider(), PROTOCOL);
    }

    private static final class Spi extends SSLContextSpi {
        private final Supplier<SSLContext> newest;

        Spi(Supplier<SSLContext> newest) {
            this.newest = newest;
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("this context gets its keys from files");
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return restricted(newest.get().createSSLEngine());
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return restricted(newest.get().createSSLEngine(host, port));
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return newest.get().getSocketFactory();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return newest.get().getServerSocketFactory();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return newest.get().getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return newest.get().getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return restricted(newest.get().getDefaultSSLParameters());
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return restricted(newest.get().getSupportedSSLParameters());
        }

        private static SSLEngine restricted(SSLEngine engine) {
            engine.setEnabledProtocols(new String[] {PROTOCOL});
            return engine;
        }

        private static SSLParameters restricted(SSLParameters parameters) {
            parameters.setProtocols(new String[] {PROTOCOL});
            return parameters;
        }
    }
}
