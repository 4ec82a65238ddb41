package io.railhead.policy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A picture as its file's bytes (PNG or JPEG), named by their SHA-256. Immutable; equal when the bytes are.
///
/// The bytes may be elsewhere, so that what mentions a picture need not carry it: then only its name and its size are
/// known.
public final class EncodedImage {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final String sha256;
    private final int byteCount;
    private final byte @Nullable [] bytes;

    private EncodedImage(String sha256, int byteCount, byte @Nullable [] bytes) {
        this.sha256 = sha256;
        this.byteCount = byteCount;
        this.bytes = bytes;
    }

    public static EncodedImage of(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("an image has bytes");
        }
        byte[] own = bytes.clone();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(own);
            return new EncodedImage(HexFormat.of().formatHex(hash), own.length, own);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// A picture whose bytes are not here.
    ///
    /// @throws IllegalArgumentException if this is not a SHA-256 in lower-case hexadecimal digits
    public static EncodedImage elsewhere(String sha256, int byteCount) {
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("not 64 hexadecimal digits: " + sha256);
        }
        if (byteCount < 1) {
            throw new IllegalArgumentException("an image has bytes: " + byteCount);
        }
        return new EncodedImage(sha256, byteCount, null);
    }

    public String sha256() {
        return sha256;
    }

    public int byteCount() {
        return byteCount;
    }

    /// Whether the bytes are here.
    public boolean isHere() {
        return bytes != null;
    }

    /// @throws IllegalStateException if the bytes are elsewhere
    public byte[] toByteArray() {
        return here().clone();
    }

    /// @throws IllegalStateException if the bytes are elsewhere
    public InputStream open() {
        return new ByteArrayInputStream(here());
    }

    private byte[] here() {
        if (bytes == null) {
            throw new IllegalStateException("picture " + sha256 + " is not here");
        }
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EncodedImage that && sha256.equals(that.sha256);
    }

    @Override
    public int hashCode() {
        return sha256.hashCode();
    }

    @Override
    public String toString() {
        return "EncodedImage[" + sha256.substring(0, 12) + ", " + byteCount + " bytes]";
    }
}
