package io.railhead.actors.security;

import io.railhead.actors.settings.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// What a node shows and whom it believes, read from files and found to fit together: the key is the
/// certificate's, the certificate is of one of the authorities, and is valid now.
public record Credentials(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {
    private static final char[] NO_PASSWORD = new char[0]; // the key store never leaves memory

    public Credentials {
        chain = List.copyOf(chain);
        authorities = List.copyOf(authorities);
    }

    /// @throws ConfigurationException if something is missing or does not fit; the message names the file
    public static Credentials read(CredentialFiles files, Instant now) {
        Credentials read = new Credentials(
                Pem.certificates(files.certificate()), Pem.privateKey(files.key()), Pem.certificates(files.ca()));
        read.requireValid(files.certificate(), now);
        read.requireMatchingKey(files);
        read.requireAuthority(files, now);
        return read;
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /// A context with these credentials alone; `watched` may put something around the judge of the peers'
    /// certificates.
    SSLContext context(UnaryOperator<X509ExtendedTrustManager> watched) {
        try {
            KeyStore keys = emptyStore();
            keys.setKeyEntry("node", key, NO_PASSWORD, chain.toArray(new Certificate[0]));
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keys, NO_PASSWORD);
            KeyStore trusted = emptyStore();
            for (X509Certificate authority : authorities) {
                trusted.setCertificateEntry("ca-" + trusted.size(), authority);
            }
            TrustManagerFactory trustManagers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(trusted);
            TrustManager judge =
                    watched.apply((X509ExtendedTrustManager) trustManagers.getTrustManagers()[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), new TrustManager[] {judge}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("credentials that fit together make a context", e);
        }
    }

    private void requireValid(Path file, Instant now) {
        X509Certificate own = certificate();
        if (now.isAfter(own.getNotAfter().toInstant())) {
            throw new ConfigurationException(
                    file + " expired at " + own.getNotAfter().toInstant());
        }
        if (now.isBefore(own.getNotBefore().toInstant())) {
            throw new ConfigurationException(
                    file + " is not valid before " + own.getNotBefore().toInstant());
        }
    }

    /// Signs and verifies a few bytes.
    private void requireMatchingKey(CredentialFiles files) {
        byte[] probe = "railhead".getBytes(StandardCharsets.US_ASCII);
        boolean matches;
        try {
            Signature signing = Signature.getInstance(signatureAlgorithm());
            signing.initSign(key);
            signing.update(probe);
            Signature verifying = Signature.getInstance(signatureAlgorithm());
            verifying.initVerify(certificate().getPublicKey());
            verifying.update(probe);
            matches = verifying.verify(signing.sign());
        } catch (GeneralSecurityException _) { // of another algorithm or curve
            matches = false;
        }
        if (!matches) {
            throw new ConfigurationException(files.key() + " is not the key of " + files.certificate());
        }
    }

    String signatureAlgorithm() {
        return signatureAlgorithm(key);
    }

    static String signatureAlgorithm(Key key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "Ed25519"; // what else there is fails when it is used
        };
    }

    private void requireAuthority(CredentialFiles files, Instant now) {
        try {
            requireAuthority(chain, authorities, now);
        } catch (GeneralSecurityException e) {
            throw new ConfigurationException(
                    files.certificate() + " is of no authority in " + files.ca() + ": " + e.getMessage(), e);
        }
    }

    /// @throws GeneralSecurityException if the chain does not lead to one of the authorities
    static void requireAuthority(List<X509Certificate> chain, List<X509Certificate> authorities, Instant now)
            throws GeneralSecurityException {
        Set<TrustAnchor> anchors = authorities.stream()
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet());
        List<X509Certificate> path =
                chain.stream().filter(one -> !authorities.contains(one)).toList();
        if (path.isEmpty()) {
            throw new CertPathValidatorException("an authority's own certificate is no node's");
        }
        PKIXParameters parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(now));
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }
}
