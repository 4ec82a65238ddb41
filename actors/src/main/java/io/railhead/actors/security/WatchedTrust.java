package io.railhead.actors.security;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Judges as `judge` does and notes whom it refused: in a failed handshake nobody else sees the certificate.
final class WatchedTrust extends X509ExtendedTrustManager {
    private interface Judgement {
        void check() throws CertificateException;
    }

    private final X509ExtendedTrustManager judge;
    private final Refusals refusals;

    WatchedTrust(X509ExtendedTrustManager judge, Refusals refusals) {
        this.judge = judge;
        this.refusals = refusals;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        watch(chain, () -> judge.checkClientTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        watch(chain, () -> judge.checkClientTrusted(chain, type, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        watch(chain, () -> judge.checkClientTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        watch(chain, () -> judge.checkServerTrusted(chain, type));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        watch(chain, () -> judge.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        watch(chain, () -> judge.checkServerTrusted(chain, type, engine));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }

    private void watch(X509Certificate[] chain, Judgement judgement) throws CertificateException {
        try {
            judgement.check();
        } catch (CertificateException e) {
            String name = chain.length == 0
                    ? "a peer without a certificate"
                    : chain[0].getSubjectX500Principal().getName();
            refusals.refused(name, "its certificate is not trusted: " + e.getMessage());
            throw e;
        }
    }
}
