package io.railhead.reward.service;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Makes an `SSLContext` of PEM files.
final class PemFiles {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final char[] NO_PASSWORD = new char[0]; // the key store never leaves memory

    private PemFiles() {}

    /// @throws ServiceStartException if a file is missing or not what it should be; the message names it
    static SSLContext context(ServiceSettings.Tls tls) {
        try {
            KeyStore keys = emptyStore();
            keys.setKeyEntry(
                    "server",
                    privateKey(tls.key()),
                    NO_PASSWORD,
                    certificates(tls.certificate()).toArray(new Certificate[0]));
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keys, NO_PASSWORD);
            KeyStore trusted = emptyStore();
            int next = 0;
            for (Certificate certificate :
                    tls.clientCa().map(PemFiles::certificates).orElse(List.of())) {
                trusted.setCertificateEntry("ca-" + next++, certificate);
            }
            TrustManagerFactory trustManagers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
            return context;
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

    private static Collection<? extends Certificate> certificates(Path file) {
        try {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes(file)));
            if (certificates.isEmpty()) {
                throw new ServiceStartException(file + " holds no certificate");
            }
            return certificates;
        } catch (GeneralSecurityException e) {
            throw new ServiceStartException(file + " holds no certificate in PEM form: " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(Path file) {
        String text = new String(bytes(file), StandardCharsets.US_ASCII);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new ServiceStartException(file + " holds no private key in PEM form, PKCS#8 without a password");
        }
        byte[] der = decoded(file, text.substring(begin + BEGIN.length(), end));
        return Stream.of("RSA", "EC", "Ed25519")
                .flatMap(algorithm -> ofAlgorithm(algorithm, der).stream())
                .findFirst()
                .orElseThrow(() ->
                        new ServiceStartException(file + " holds a private key that is none of RSA, EC and Ed25519"));
    }

    private static byte[] decoded(Path file, String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ServiceStartException(file + " holds a damaged private key: " + e.getMessage(), e);
        }
    }

    private static Optional<PrivateKey> ofAlgorithm(String algorithm, byte[] der) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der)));
        } catch (InvalidKeySpecException _) {
            return Optional.empty(); // it is of another algorithm
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    private static byte[] bytes(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ServiceStartException("no such file: " + file);
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ServiceStartException(file + " cannot be read: " + e, e);
        }
    }
}
