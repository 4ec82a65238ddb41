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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// One file of the event log, mapped for reading: records of length (4 bytes, little-endian), CRC32C of the contents
/// (4 bytes), contents (a `RunEvent`, its pictures as in [SegmentPictures]).
///
/// A record that is not whole is a *torn end* if nothing after it is a whole record, or if it is after what was flushed
/// ([FlushMark]), which is what a crash leaves behind; otherwise the file is damaged.
final class Segment {
    static final int HEADER_BYTES = 8;
    static final int MAX_RECORD_BYTES = 64 << 20;

    private final Path file;
    private final ByteBuffer bytes;
    private final SegmentPictures pictures = new SegmentPictures();
    private final long flushed;
    private int position;

    private Segment(Path file, ByteBuffer bytes, long flushed) {
        this.file = file;
        this.flushed = flushed;
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    /// @param flushed the bytes from the start that are whole for certain; at least all = the whole file
    static Segment open(Path file, long flushed) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new Segment(
                    file,
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto())
                            .asByteBuffer(),
                    flushed);
        }
    }

    /// The files of a log in their order.
    static List<Path> filesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9]{6,}\\.log"))
                    .sorted()
                    .toList();
        }
    }

    static int number(Path file) {
        return Integer.parseInt(file.getFileName().toString().replace(".log", ""));
    }

    static ByteBuffer encode(RunEvent event) {
        byte[] contents = event.toByteArray();
        if (contents.length > MAX_RECORD_BYTES) {
            throw new IllegalArgumentException("a fact of " + contents.length + " bytes");
        }
        return ByteBuffer.allocate(HEADER_BYTES + contents.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(contents.length)
                .putInt(checksum(ByteBuffer.wrap(contents)))
                .put(contents)
                .flip();
    }

    Path file() {
        return file;
    }

    int size() {
        return bytes.limit();
    }

    /// Where the next record starts: after the last one that was read.
    int position() {
        return position;
    }

    /// The next record; empty at the end of the file and at a torn end.
    ///
    /// @throws EventLogDamagedException if what is there is neither
    Optional<RecordedFact> next() throws EventLogDamagedException {
        if (!hasNext()) {
            return Optional.empty();
        }
        int start = position + HEADER_BYTES;
        int length = bytes.getInt(position);
        try {
            RunEvent event = pictures.restored(RunEvent.parseFrom(bytes.slice(start, length)));
            RecordedFact fact = new RecordedFact(FactCodec.timeOf(event), FactCodec.fromProto(event));
            position = start + length;
            return Optional.of(fact);
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

    private static int checksum(ByteBuffer contents) {
        CRC32C crc = new CRC32C();
        crc.update(contents);
        return (int) crc.getValue();
    }
}
