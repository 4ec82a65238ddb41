package io.railhead.actors.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.railhead.actors.wire.FactCodec;
import io.railhead.actors.wire.MalformedMessageException;
import io.railhead.protos.v1.RunEvent;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/// One file of the event log, mapped for reading: records of length (4 bytes, little-endian), CRC32C of the contents
/// (4 bytes), contents (a `RunEvent`, its pictures as in [SegmentPictures]).
///
/// A record that is not whole is a *torn end* if nothing after it is a whole record, or if it is after what was flushed
/// ([FlushMark]), which is what a crash leaves behind; otherwise the file is damaged.
final class Segment implements SegmentReader {
    static final int HEADER_BYTES = 8;
    static final int MAX_RECORD_BYTES = 64 << 20;

    private final Path file;
    private final ByteBuffer bytes;
    private final SegmentPictures pictures;
    private final long flushed;
    private int position;

    private Segment(Path file, ByteBuffer bytes, long flushed, int position, SegmentPictures pictures) {
        this.file = file;
        this.flushed = flushed;
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
        this.position = position;
        this.pictures = pictures;
    }

    /// @param flushed the bytes from the start that are whole for certain; at least all = the whole file
    static Segment open(Path file, long flushed) throws IOException {
        return open(file, flushed, 0, new SegmentPictures());
    }

    /// @param from where to begin: a record's start
    /// @param pictures of the records before that
    static Segment open(Path file, long flushed, long from, SegmentPictures pictures) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto())
                    .asByteBuffer();
            if (from > bytes.limit()) {
                throw new EventLogDamagedException(file, from, "the file ends before");
            }
            return new Segment(file, bytes, flushed, (int) from, pictures);
        }
    }

    static byte[] encode(RunEvent event) {
        byte[] contents = event.toByteArray();
        if (contents.length > MAX_RECORD_BYTES) {
            throw new IllegalArgumentException("a fact of " + contents.length + " bytes");
        }
        return ByteBuffer.allocate(HEADER_BYTES + contents.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(contents.length)
                .putInt(checksum(ByteBuffer.wrap(contents)))
                .put(contents)
                .array();
    }

    int size() {
        return bytes.limit();
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public boolean isAtEnd() {
        return position == bytes.limit();
    }

    @Override
    public Optional<RecordedFact> next() throws EventLogDamagedException {
        if (!hasNext()) {
            return Optional.empty();
        }
        int start = position + HEADER_BYTES;
        int length = bytes.getInt(position);
        RecordedFact fact = decode(file, position, bytes.slice(start, length), pictures);
        position = start + length;
        return Optional.of(fact);
    }

    /// @param contents of a record whose checksum is right
    static RecordedFact decode(Path file, long position, ByteBuffer contents, SegmentPictures pictures)
            throws EventLogDamagedException {
        try {
            RunEvent event = pictures.restored(RunEvent.parseFrom(contents));
            return new RecordedFact(FactCodec.timeOf(event), FactCodec.fromProto(event));
        } catch (InvalidProtocolBufferException | MalformedMessageException e) {
            throw new EventLogDamagedException(file, position, "not an event: " + e.getMessage(), e);
        }
    }

    /// Goes past the next record without reading more of it than its checksum.
    ///
    /// @return whether there was one: as [#next] has it
    boolean skip() throws EventLogDamagedException {
        if (!hasNext()) {
            return false;
        }
        position += HEADER_BYTES + bytes.getInt(position);
        return true;
    }

    private boolean hasNext() throws EventLogDamagedException {
        if (wholeAt(position)) {
            return true;
        }
        if (position < flushed && hasRecordAfter(position)) {
            throw new EventLogDamagedException(file, position, "a record's length or checksum is wrong");
        }
        return false;
    }

    private boolean wholeAt(int offset) {
        int left = bytes.limit() - offset - HEADER_BYTES;
        if (left <= 0) {
            return false;
        }
        int length = bytes.getInt(offset);
        return length > 0
                && length <= left
                && checksum(bytes.slice(offset + HEADER_BYTES, length)) == bytes.getInt(offset + 4);
    }

    /// A length that is damaged hides where the next record starts, so every offset is tried. An accidental length
    /// rarely fits into the file, so few checksums are computed.
    private boolean hasRecordAfter(int offset) {
        for (int start = offset + 1; start < bytes.limit() - HEADER_BYTES; start++) {
            if (wholeAt(start)) {
                return true;
            }
        }
        return false;
    }

    static int checksum(ByteBuffer contents) {
        CRC32C crc = new CRC32C();
        crc.update(contents);
        return (int) crc.getValue();
    }

    /// The map goes with its last reader.
    @Override
    public void close() {}
}
