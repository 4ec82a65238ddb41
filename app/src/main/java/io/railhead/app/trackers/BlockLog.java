package io.railhead.app.trackers;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;

/// A log as LevelDB and Weights & Biases write it: blocks of 32 KiB, in which records lie whole or in pieces.
///
/// ```
/// file  := ":W&B", 0xBEE1 uint16, version 0 uint8, piece*
/// piece := CRC-32 of kind and data uint32, length uint16, kind uint8, data
/// kind  := 1 whole | 2 first | 3 middle | 4 last
/// ```
/// Little-endian. A block's last bytes are zero where no piece's head fits in. LevelDB itself has CRC-32C, masked.
final class BlockLog implements Closeable {
    static final int BLOCK = 32_768;
    static final int HEAD = 7;

    private static final byte WHOLE = 1;
    private static final byte FIRST = 2;
    private static final byte MIDDLE = 3;
    private static final byte LAST = 4;

    private final FileChannel channel;
    private long position;

    private BlockLog(FileChannel channel) {
        this.channel = channel;
    }

    /// What is there is overwritten.
    static BlockLog create(Path file) throws IOException {
        BlockLog log = new BlockLog(FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE));
        log.put(ByteBuffer.allocate(HEAD)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {':', 'W', '&', 'B'})
                .putShort((short) 0xBEE1)
                .put((byte) 0)
                .flip());
        return log;
    }

    void write(byte[] record) throws IOException {
        int pieces = 2 + record.length / (BLOCK - HEAD);
        ByteBuffer bytes =
                ByteBuffer.allocate(record.length + HEAD * (pieces + 1)).order(ByteOrder.LITTLE_ENDIAN);
        int written = 0;
        boolean first = true;
        do {
            int room = room(bytes.position());
            if (room < HEAD) {
                bytes.put(new byte[room]);
                continue;
            }
            int length = Math.min(record.length - written, room - HEAD);
            boolean last = written + length == record.length;
            byte kind = first ? (last ? WHOLE : FIRST) : last ? LAST : MIDDLE;
            bytes.putInt(crc(kind, record, written, length))
                    .putShort((short) length)
                    .put(kind)
                    .put(record, written, length);
            written += length;
            first = false;
        } while (first || written < record.length);
        put(bytes.flip());
    }

    private int room(int ahead) {
        return BLOCK - (int) ((position + ahead) % BLOCK);
    }

    private void put(ByteBuffer bytes) throws IOException {
        position += bytes.remaining();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static int crc(byte kind, byte[] data, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(kind);
        crc.update(data, offset, length);
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
