package io.railhead.policy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A picture as its file's bytes (PNG or JPEG), named by their SHA-256. Immutable; equal when the bytes are.
public final class EncodedImage {
    private final byte[] bytes;
    private final String sha256;

    private EncodedImage(byte[] bytes) {
        this.bytes = bytes;
        try {
            this.sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public static EncodedImage of(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("an image has bytes");
        }
        return new EncodedImage(bytes.clone());
    }

    public String sha256() {
        return sha256;
    }

    public int byteCount() {
        return bytes.length;
    }

    public byte[] toByteArray() {
        return bytes.clone();
    }

    public InputStream open() {
        return new ByteArrayInputStream(bytes);
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
        return "EncodedImage[" + sha256.substring(0, 12) + ", " + bytes.length + " bytes]";
    }
}
