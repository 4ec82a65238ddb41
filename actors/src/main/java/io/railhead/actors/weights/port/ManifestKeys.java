package io.railhead.actors.weights.port;

import io.railhead.actors.security.Pem;
import io.railhead.actors.settings.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/// Signer and verifier of manifests from key files. What is wrong with a file is a `ConfigurationException` naming it.
public final class ManifestKeys {
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";
    private static final long MAX_BYTES = 1 << 16; // far beyond any key

    private ManifestKeys() {}

    /// @param file with a private key of Ed25519; empty to sign nothing
    public static ManifestSigner signer(Optional<Path> file) {
        return file.map(ManifestKeys::privateKey).map(ManifestSigner::ed25519).orElse(ManifestSigner.NONE);
    }

    /// @param file with a public key of Ed25519; empty to believe all
    public static ManifestVerifier verifier(Optional<Path> file) {
        return file.map(ManifestKeys::publicKey).map(ManifestVerifier::ed25519).orElse(ManifestVerifier.NONE);
    }

    private static PrivateKey privateKey(Path file) {
        PrivateKey key = Pem.privateKey(file);
        if (!key.getAlgorithm().equals("EdDSA") && !key.getAlgorithm().equals("Ed25519")) {
            throw new ConfigurationException(file + " holds a key of " + key.getAlgorithm() + " instead of Ed25519");
        }
        return key;
    }

    private static PublicKey publicKey(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigurationException(file + " is no key: it has " + Files.size(file) + " bytes");
            }
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            int begin = text.indexOf(BEGIN);
            int end = text.indexOf(END);
            if (begin < 0 || end < begin) {
                throw new ConfigurationException(file + " holds no public key in PEM form");
            }
            byte[] der = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be read: " + e.getMessage(), e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new ConfigurationException(file + " holds no public key of Ed25519: " + e.getMessage(), e);
        }
    }
}
