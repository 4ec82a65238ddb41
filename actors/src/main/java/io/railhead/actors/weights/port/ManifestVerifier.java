package io.railhead.actors.weights.port;

import io.railhead.actors.security.BadSignatureException;
import io.railhead.actors.security.CertificateRoles;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.actors.weights.delta.DamagedWeightsException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;

/// Whether a manifest is the publisher's own.
public interface ManifestVerifier {
    /// For runs whose nodes trust each other: signed or not, all are believed.
    ManifestVerifier NONE = new ManifestVerifier() {
        @Override
        public boolean demandsDigests() {
            return false;
        }

        @Override
        public void verify(byte[] manifest, byte[] signature) {}
    };

    /// A signature holds for the chunks only if the manifest has their digests.
    boolean demandsDigests();

    /// @throws DamagedWeightsException if the signature is missing or not the key's
    void verify(byte[] manifest, byte[] signature) throws DamagedWeightsException;

    /// Believes any learner of the cluster, by the certificate that its signature carries.
    static ManifestVerifier of(NodeIdentity identity) {
        return new ManifestVerifier() {
            @Override
            public boolean demandsDigests() {
                return true;
            }

            @Override
            public void verify(byte[] manifest, byte[] signature) throws DamagedWeightsException {
                if (signature.length == 0) {
                    throw new DamagedWeightsException("the manifest is not signed");
                }
                CertificateRoles signer;
                try {
                    signer = identity.signer(manifest, signature);
                } catch (BadSignatureException e) {
                    throw new DamagedWeightsException("the manifest is not a learner's: " + e.getMessage(), e);
                }
                if (!signer.roles().contains("learner")) {
                    throw new DamagedWeightsException(
                            "the manifest is signed by %s, which is no learner".formatted(signer.name()));
                }
            }
        };
    }

    /// @param key of Ed25519
    static ManifestVerifier ed25519(PublicKey key) {
        return new ManifestVerifier() {
            @Override
            public boolean demandsDigests() {
                return true;
            }

            @Override
            public void verify(byte[] manifest, byte[] signature) throws DamagedWeightsException {
                if (signature.length == 0) {
                    throw new DamagedWeightsException("the manifest is not signed");
                }
                if (!isValid(manifest, signature)) {
                    throw new DamagedWeightsException("the manifest's signature is not the publisher's");
                }
            }

            private boolean isValid(byte[] manifest, byte[] signature) {
                try {
                    Signature verifier = Signature.getInstance("Ed25519");
                    verifier.initVerify(key);
                    verifier.update(manifest);
                    return verifier.verify(signature);
                } catch (SignatureException _) { // not of the form of a signature
                    return false;
                } catch (GeneralSecurityException e) {
                    throw new IllegalArgumentException("the key cannot verify manifests: " + e.getMessage(), e);
                }
            }
        };
    }
}
