package io.railhead.actors.weights.port;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.railhead.actors.weights.delta.DamagedWeightsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The messages between which chunks travel: `RHW1`, length, CRC32C, and that many bytes of Protobuf.
final class Frames {
    private static final int MAGIC = 0x52485731; // "RHW1", which names the version of all this
    private static final int HEADER = 12; // bytes
    private static final int PIECE = 1 << 16; // bytes that are believed before they are there

    private Frames() {}

    static void write(Link link, MessageLite message) throws IOException {
        byte[] body = message.toByteArray();
        ByteBuffer frame = ByteBuffer.allocate(HEADER + body.length)
                .putInt(MAGIC)
                .putInt(body.length)
                .putInt(crcOf(body))
                .put(body)
                .flip();
        link.writeFully(frame);
    }

    /// @param limit in bytes, which longer messages are refused for before they are read
    /// @return empty if the connection ended before the message began
    /// @throws DamagedWeightsException if what comes is no such message
    static <T> Optional<T> read(Link link, Parser<T> parser, int limit) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        if (!link.readFullyOrEnd(header)) {
            return Optional.empty();
        }
        header.flip();
        int magic = header.getInt();
        if (magic != MAGIC) {
            throw new DamagedWeightsException("a message begins with %08x instead of %08x".formatted(magic, MAGIC));
        }
        int length = header.getInt();
        if (length < 0 || length > limit) {
            throw new DamagedWeightsException("a message of %s bytes, at most %d are taken here"
                    .formatted(Integer.toUnsignedString(length), limit));
        }
        byte[] body = body(link, length);
        int crc = header.getInt();
        if (crcOf(body) != crc) {
            throw new DamagedWeightsException(
                    "a message has the CRC32C %08x instead of %08x".formatted(crcOf(body), crc));
        }
        try {
            return Optional.of(parser.parseFrom(body));
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedWeightsException("a message is no Protobuf of its kind: " + e.getMessage(), e);
        }
    }

    private static byte[] body(Link link, int length) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(Math.min(length, PIECE));
        while (body.size() < length) {
            ByteBuffer piece = ByteBuffer.allocate(Math.min(PIECE, length - body.size()));
            link.readFully(piece);
            body.write(piece.array());
        }
        return body.toByteArray();
    }

    private static int crcOf(byte[] body) {
        CRC32C crc32c = new CRC32C();
        crc32c.update(body);
        return (int) crc32c.getValue();
    }
}
