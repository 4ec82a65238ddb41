package io.railhead.transit.data;

import io.railhead.transit.InvalidDataException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Width and height of a PNG or JPEG as its header states them. Pixels are not decompressed, so a picture that is
/// larger than memory costs nothing here.
public record PictureHeader(int width, int height) {
    private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int PNG_HEADER_CHUNK = 0x49484452; // "IHDR"
    private static final int PNG_END_CHUNK = 0x49454E44; // "IEND"
    private static final int JPEG_START = 0xFFD8;

    /// @throws InvalidDataException if the file has no readable header; the message names it
    public static PictureHeader read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in);
        } catch (IOException e) {
            throw new InvalidDataException("picture " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// Of a picture that is in memory.
    ///
    /// @throws InvalidDataException if it has no readable header; the message names it
    static PictureHeader read(String name, byte[] picture) {
        try {
            return read(name, new ByteArrayInputStream(picture));
        } catch (IOException e) {
            throw new InvalidDataException("picture " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static PictureHeader read(String name, InputStream picture) throws IOException {
        try {
            PictureHeader header = read(new DataInputStream(new BufferedInputStream(picture)));
            if (header.width <= 0 || header.height <= 0) {
                throw new InvalidDataException(
                        "picture %s claims %d x %d pixels".formatted(name, header.width, header.height));
            }
            return header;
        } catch (EOFException e) {
            throw new InvalidDataException("picture " + name + " ends within its header", e);
        } catch (NotAPicture e) {
            throw new InvalidDataException("picture " + name + " " + e.getMessage(), e);
        }
    }

    /// Walks over the chunks of a PNG to its end, without decompressing them; a JPEG does not say where its data end.
    ///
    /// @throws InvalidDataException if the file was cut off; the message names it
    public static void requireWhole(Path file) {
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            if (in.readLong() != PNG_SIGNATURE) {
                return;
            }
            int type = 0;
            while (type != PNG_END_CHUNK) {
                int length = in.readInt();
                type = in.readInt();
                in.skipNBytes(Integer.toUnsignedLong(length) + Integer.BYTES); // contents and checksum
            }
        } catch (EOFException e) {
            throw new InvalidDataException("picture " + file + " is cut off before its end", e);
        } catch (IOException e) {
            throw new InvalidDataException("picture " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static PictureHeader read(DataInputStream in) throws IOException {
        in.mark(Long.BYTES);
        int start = in.readUnsignedShort();
        if (start == JPEG_START) {
            return jpeg(in);
        }
        in.reset();
        if (in.readLong() != PNG_SIGNATURE) {
            throw new NotAPicture("is neither PNG nor JPEG");
        }
        in.readInt(); // length of the chunk
        if (in.readInt() != PNG_HEADER_CHUNK) {
            throw new NotAPicture("is a PNG that does not begin with its header");
        }
        return new PictureHeader(in.readInt(), in.readInt());
    }

    /// Walks from marker to marker up to the frame header; each step consumes bytes, so it ends.
    private static PictureHeader jpeg(DataInputStream in) throws IOException {
        while (true) {
            if (in.readUnsignedByte() != 0xFF) {
                throw new NotAPicture("is a JPEG with a broken marker");
            }
            int marker = in.readUnsignedByte();
            while (marker == 0xFF) { // fill bytes
                marker = in.readUnsignedByte();
            }
            int length = in.readUnsignedShort() - 2;
            if (isFrame(marker)) {
                in.readUnsignedByte(); // bits a sample
                int height = in.readUnsignedShort();
                return new PictureHeader(in.readUnsignedShort(), height);
            }
            if (length < 0 || marker == 0xDA) {
                throw new NotAPicture("is a JPEG without a frame header");
            }
            skip(in, length);
        }
    }

    /// SOF0 to SOF15 without the three that define tables.
    private static boolean isFrame(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    private static void skip(InputStream in, int length) throws IOException {
        in.skipNBytes(length);
    }

    private static final class NotAPicture extends IOException {
        NotAPicture(String message) {
            super(message);
        }
    }
}
