package io.railhead.actors.telemetry;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.railhead.actors.durable.DurableFiles;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A closed segment, compressed: records as in [Segment], in a zstd frame with a checksum. It holds one record in
/// memory,
/// whatever its file says.
///
/// Invariant: a segment goes only when what it is compressed to was read back equal to it.
final class CompressedSegment implements SegmentReader {
    private static final int LEVEL = 3;
    private static final int BLOCK = 1 << 16;
    private static final Pattern UNFINISHED = Pattern.compile("\\.[0-9]{6,9}\\.log\\.zst\\..*\\.new");

    private final Path file;
    private final InputStream bytes;
    private final SegmentPictures pictures;
    private long position;

    private CompressedSegment(Path file, InputStream bytes, SegmentPictures pictures) {
        this.file = file;
        this.bytes = bytes;
        this.pictures = pictures;
    }

    /// @param from where to begin, in bytes that are not compressed: a record's start
    /// @param pictures of the records before that
    static CompressedSegment open(Path file, long from, SegmentPictures pictures) throws IOException {
        CompressedSegment segment = new CompressedSegment(file, contents(file), pictures);
        try {
            segment.bytes.skipNBytes(from);
            segment.position = from;
            return segment;
        } catch (IOException e) {
            try (segment) {
                throw new EventLogDamagedException(file, from, "the file ends before: " + e.getMessage(), e);
            }
        }
    }

    /// Compresses a segment to which nothing is added any more. Durable when it returns; a crash leaves the segment,
    /// what
    /// it is compressed to, or both.
    static void replace(Path segment, Path compressed) throws IOException {
        String own = ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
        Path aside = compressed.resolveSibling("." + compressed.getFileName() + "." + own + ".new");
        try {
            try (InputStream from = Files.newInputStream(segment);
                    ZstdOutputStreamNoFinalizer to = new ZstdOutputStreamNoFinalizer(
                            new BufferedOutputStream(Files.newOutputStream(aside), BLOCK), LEVEL)) {
                to.setChecksum(true);
                copy(from, to);
            }
            DurableFiles.flush(aside);
            requireEqual(segment, aside);
            DurableFiles.rename(aside, compressed);
        } finally {
            Files.deleteIfExists(aside);
        }
        Files.deleteIfExists(segment);
    }

    /// Deletes what a crash left of a segment's compression.
    static void forgetUnfinished(Path directory) throws IOException {
        List<Path> left;
        try (Stream<Path> files = Files.list(directory)) {
            left = files.filter(file ->
                            UNFINISHED.matcher(file.getFileName().toString()).matches())
                    .toList();
        }
        for (Path each : left) {
            Files.deleteIfExists(each);
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] block = new byte[BLOCK];
        for (int read = from.read(block); read >= 0; read = from.read(block)) {
            to.write(block, 0, read);
        }
    }

    private static void requireEqual(Path segment, Path aside) throws IOException {
        try (InputStream written = new BufferedInputStream(Files.newInputStream(segment), BLOCK);
                InputStream back = contents(aside)) {
            byte[] block = new byte[BLOCK];
            for (int read = written.readNBytes(block, 0, BLOCK); read > 0; read = written.readNBytes(block, 0, BLOCK)) {
                byte[] other = back.readNBytes(read);
                if (!ByteBuffer.wrap(block, 0, read).equals(ByteBuffer.wrap(other))) {
                    throw new IOException(segment + " came back changed from compression; it stays as it is");
                }
            }
            if (back.read() >= 0) {
                throw new IOException(segment + " came back longer from compression; it stays as it is");
            }
        }
    }

    private static InputStream contents(Path file) throws IOException {
        InputStream raw = Files.newInputStream(file);
        try {
            return new BufferedInputStream(new ZstdInputStreamNoFinalizer(raw), BLOCK);
        } catch (IOException e) {
            try (raw) {
                throw e;
            }
        }
    }

    @Override
    public Optional<RecordedFact> next() throws IOException {
        try {
            if (isAtEnd()) {
                requireRecords();
                return Optional.empty();
            }
            ByteBuffer header = read(Segment.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            int length = header.getInt();
            if (length <= 0 || length > Segment.MAX_RECORD_BYTES) {
                throw new EventLogDamagedException(file, position, "a record of " + length + " bytes");
            }
            ByteBuffer contents = read(length);
            if (Segment.checksum(contents.duplicate()) != header.getInt()) {
                throw new EventLogDamagedException(file, position, "a record's checksum is wrong");
            }
            RecordedFact fact = Segment.decode(file, position, contents, pictures);
            position += Segment.HEADER_BYTES + length;
            return Optional.of(fact);
        } catch (EventLogDamagedException e) {
            throw e;
        } catch (IOException e) { // of the compression, above all
            throw new EventLogDamagedException(file, position, String.valueOf(e.getMessage()), e);
        }
    }

    private void requireRecords() throws EventLogDamagedException {
        if (position == 0) {
            throw new EventLogDamagedException(file, 0, "no record, where a closed segment has one at least");
        }
    }

    private ByteBuffer read(int length) throws IOException {
        byte[] read = bytes.readNBytes(length);
        if (read.length < length) {
            throw new EOFException("the file ends within a record");
        }
        return ByteBuffer.wrap(read);
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public boolean isAtEnd() throws IOException {
        bytes.mark(1);
        boolean over = bytes.read() < 0;
        bytes.reset();
        return over;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
