package io.railhead.actors.security;

import io.railhead.actors.settings.ConfigurationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Certificates and keys as PEM text. What is wrong with a file is a `ConfigurationException` that names it.
public final class Pem {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /// Far beyond any chain; a wrong path should not fill the memory.
    private static final long MAX_BYTES = 1 << 20;

    private Pem() {}

    /// All certificates of a file, in its order; at least one.
    public static List<X509Certificate> certificates(Path file) {
        try {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes(file)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                throw new ConfigurationException(file + " holds no certificate");
            }
            return certificates;
        } catch (GeneralSecurityException e) {
            throw new ConfigurationException(file + " holds no certificate in PEM form: " + e.getMessage(), e);
        }
    }

    /// The file's private key.
    public static PrivateKey privateKey(Path file) {
        String text = new String(bytes(file), StandardCharsets.US_ASCII);
        int begin = text.indexOf(begin(PRIVATE_KEY));
        int end = text.indexOf(end(PRIVATE_KEY));
        if (begin < 0 || end < begin) {
            throw new ConfigurationException(file + " holds no private key in PEM form, PKCS#8 without a password");
        }
        byte[] der = decoded(file, text.substring(begin + begin(PRIVATE_KEY).length(), end));
        return Stream.of("RSA", "EC", "Ed25519")
                .flatMap(algorithm -> ofAlgorithm(algorithm, der).stream())
                .findFirst()
                .orElseThrow(() ->
                        new ConfigurationException(file + " holds a private key that is none of RSA, EC and Ed25519"));
    }

    public static String text(X509Certificate certificate) {
        try {
            return block(CERTIFICATE, certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was parsed has a form", e);
        }
    }

    public static String text(PrivateKey key) {
        return block(PRIVATE_KEY, key.getEncoded());
    }

    private static String block(String kind, byte[] der) {
        return begin(kind) + "\n" + LINES.encodeToString(der) + "\n" + end(kind) + "\n";
    }

    private static String begin(String kind) {
        return "-----BEGIN " + kind + "-----";
    }

    private static String end(String kind) {
        return "-----END " + kind + "-----";
    }

    private static byte[] decoded(Path file, String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(file + " holds a damaged private key: " + e.getMessage(), e);
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
            throw new ConfigurationException("no such file: " + file);
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigurationException(file + " is too long for a PEM file");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be read: " + e, e);
        }
    }
}
