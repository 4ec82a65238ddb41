package io.railhead.transit.data.table;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.apache.arrow.flatbuf.Message;

/// The messages of an Arrow stream, as far as they say how long they are: the library takes any length for true and
/// asks for as much memory.
///
/// A message is a marker (-1), the length of its description, the description, and the body whose length that names;
/// a description of length 0 is the end. All integers are little-endian.
final class ArrowFrames {
    private static final int CONTINUATION = -1;
    private static final int PREFIX_BYTES = 2 * Integer.BYTES;

    private ArrowFrames() {}

    /// @throws IOException if a message is longer than what is left of the file
    static void requireWithin(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            long at = 0;
            while (at < size) {
                ByteBuffer prefix = read(channel, at, PREFIX_BYTES);
                if (prefix.getInt() != CONTINUATION) {
                    throw new IOException("it is neither an Arrow stream nor an Arrow file");
                }
                int described = prefix.getInt();
                at += PREFIX_BYTES;
                if (described == 0) {
                    return;
                }
                requireLength(described, at, size);
                long body =
                        Message.getRootAsMessage(read(channel, at, described)).bodyLength();
                at += described;
                requireLength(body, at, size);
                at += body;
            }
        } catch (IndexOutOfBoundsException e) { // of a description that refers to what is not in it
            throw new IOException("a message does not describe itself: " + e.getMessage(), e);
        }
    }

    private static void requireLength(long length, long at, long size) throws IOException {
        if (length < 0 || length > size - at) {
            throw new IOException("a message of %d bytes begins at byte %d of %d".formatted(length, at, size));
        }
    }

    private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new EOFException("it ends within a message");
            }
        }
        return bytes.flip();
    }
}
