package io.railhead.app.trackers;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/// A file of TensorFlow records, little-endian:
///
/// ```
/// record := length uint64, masked CRC of it uint32, data, masked CRC of the data uint32
/// masked := ((crc32c >>> 15) | (crc32c << 17)) + 0xa282ead8
/// ```
final class RecordFile implements Closeable {
    private static final int HEAD = 12;
    private static final int TAIL = 4;
    private static final long LONGEST = 1L << 26; // bytes of a record that is read

    private final FileChannel channel;

    private RecordFile(FileChannel channel) {
        this.channel = channel;
    }

    /// @throws IOException if the file is there already
    static RecordFile create(Path file) throws IOException {
        return new RecordFile(FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    static RecordFile read(Path file) throws IOException {
        return new RecordFile(FileChannel.open(file, StandardOpenOption.READ));
    }

    void write(byte[] data) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(HEAD + data.length + TAIL).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length).putInt(masked(record.array(), 0, Long.BYTES));
        record.put(data).putInt(masked(data, 0, data.length)).flip();
        while (record.hasRemaining()) {
            channel.write(record);
        }
    }

    /// The next record; nothing at the end, and where the file is torn or damaged.
    Optional<byte[]> next() throws IOException {
        Optional<ByteBuffer> head = bytes(HEAD);
        if (head.isEmpty()) {
            return Optional.empty();
        }
        long length = head.get().getLong(0);
        if (head.get().getInt(Long.BYTES) != masked(head.get().array(), 0, Long.BYTES)
                || length < 0
                || length > LONGEST) {
            return Optional.empty();
        }
        Optional<ByteBuffer> body = bytes((int) length + TAIL);
        if (body.isEmpty()
                || body.get().getInt((int) length) != masked(body.get().array(), 0, (int) length)) {
            return Optional.empty();
        }
        byte[] data = new byte[(int) length];
        body.get().get(0, data);
        return Optional.of(data);
    }

    private Optional<ByteBuffer> bytes(int count) throws IOException {
        if (channel.size() - channel.position() < count) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            // reads on
        }
        return bytes.hasRemaining() ? Optional.empty() : Optional.of(bytes);
    }

    static int masked(byte[] data, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(data, offset, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
