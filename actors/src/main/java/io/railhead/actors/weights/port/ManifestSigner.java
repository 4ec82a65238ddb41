package io.railhead.actors.weights.port;

import io.railhead.actors.security.NodeIdentity;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/// Signs the manifests that a publisher gives out.
public interface ManifestSigner {
    /// For runs whose nodes trust each other.
    ManifestSigner NONE = new ManifestSigner() {
        @Override
        public boolean signs() {
            return false;
        }

        @Override
        public byte[] sign(byte[] manifest) {
            return new byte[0];
        }
    };

    boolean signs();

    byte[] sign(byte[] manifest);

    /// With the node's own key; the signature carries its certificate.
    static ManifestSigner of(NodeIdentity identity) {
        return new ManifestSigner() {
            @Override
            public boolean signs() {
                return true;
            }

            @Override
            public byte[] sign(byte[] manifest) {
                return identity.sign(manifest);
            }
        };
    }

    /// @param key of Ed25519
    static ManifestSigner ed25519(PrivateKey key) {
        return new ManifestSigner() {
            @Override
            public boolean signs() {
                return true;
            }

            @Override
            public byte[] sign(byte[] manifest) {
                try {
                    Signature signature = Signature.getInstance("Ed25519");
                    signature.initSign(key);
                    signature.update(manifest);
                    return signature.sign();
                } catch (GeneralSecurityException e) {
                    throw new IllegalArgumentException("the key cannot sign manifests: " + e.getMessage(), e);
                }
            }
        };
    }
}
