package io.railhead.reward.service;

import io.railhead.actors.security.Pem;
import io.railhead.actors.settings.ConfigurationException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Makes an `SSLContext` of the service's own PEM files.
final class PemFiles {
    private static final char[] NO_PASSWORD = new char[0]; // the key store never leaves memory

    private PemFiles() {}

    /// @throws ServiceStartException if a file is missing or not what it should be; the message names it
    static SSLContext context(ServiceSettings.Tls tls) {
        try {
            KeyStore keys = emptyStore();
            keys.setKeyEntry(
                    "server",
                    Pem.privateKey(tls.key()),
                    NO_PASSWORD,
                    Pem.certificates(tls.certificate()).toArray(new Certificate[0]));
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keys, NO_PASSWORD);
            KeyStore trusted = emptyStore();
            List<X509Certificate> clients =
                    tls.clientCa().map(Pem::certificates).orElse(List.of());
            for (X509Certificate certificate : clients) {
                trusted.setCertificateEntry("ca-" + trusted.size(), certificate);
            }
            TrustManagerFactory trustManagers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
            return context;
        } catch (ConfigurationException e) {
            throw new ServiceStartException(String.valueOf(e.getMessage()), e);
        } catch (GeneralSecurityException | IOException e) {
            throw new ServiceStartException(
                    "TLS with " + tls.certificate() + " and " + tls.key() + " does not work: " + e.getMessage(), e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }
}
