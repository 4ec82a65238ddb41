package io.railhead.actors.security;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Signatures that carry their signer's certificates, so that whoever knows the authority can tell who signed
/// and what that node may be, without having met it. Form: a count, the certificates and the signature proper,
/// each with its length before it.
final class Signatures {
    private static final int LONGEST_CHAIN = 8;
    private static final int LONGEST_PART = 1 << 14; // bytes

    private Signatures() {}

    static byte[] sign(Credentials own, byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            Signature signing = Signature.getInstance(own.signatureAlgorithm());
            signing.initSign(own.key());
            signing.update(content);
            out.writeByte(own.chain().size());
            for (X509Certificate certificate : own.chain()) {
                write(out, certificate.getEncoded());
            }
            write(out, signing.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that fits its certificate signs", e);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /// The signer's certificate.
    ///
    /// @throws BadSignatureException if the content is not what was signed, or the signer is of no trusted
    ///     authority
    static X509Certificate verify(List<X509Certificate> authorities, byte[] content, byte[] signature, Instant now)
            throws BadSignatureException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(signature))) {
            int count = in.readUnsignedByte();
            if (count < 1 || count > LONGEST_CHAIN) {
                throw new BadSignatureException("it carries " + count + " certificates");
            }
            List<X509Certificate> chain = new ArrayList<>();
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (int i = 0; i < count; i++) {
                chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(read(in))));
            }
            Credentials.requireAuthority(chain, authorities, now);
            X509Certificate signer = chain.getFirst();
            Signature verifying = Signature.getInstance(Credentials.signatureAlgorithm(signer.getPublicKey()));
            verifying.initVerify(signer.getPublicKey());
            verifying.update(content);
            if (!verifying.verify(read(in))) {
                throw new BadSignatureException("it is not one of this content");
            }
            return signer;
        } catch (BadSignatureException e) {
            throw e;
        } catch (GeneralSecurityException | IOException e) {
            throw new BadSignatureException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void write(DataOutputStream out, byte[] part) throws IOException {
        out.writeShort(part.length);
        out.write(part);
    }

    private static byte[] read(DataInputStream in) throws IOException {
        int length = in.readUnsignedShort();
        if (length > LONGEST_PART || length > in.available()) {
            throw new IOException("it ends too early");
        }
        return in.readNBytes(length);
    }
}
