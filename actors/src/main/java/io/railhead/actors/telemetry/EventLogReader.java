package io.railhead.actors.telemetry;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Reads a log's facts in their order, while it is written or after. Not thread-safe.
///
/// The end is where the last segment ends or is torn; an unfinished record there is not an error, because a writer may
/// be at it.
public final class EventLogReader implements Closeable {
    private final Path directory;
    private final int firstSegment;
    private final Deque<SegmentFile> files;
    private Optional<SegmentReader> segment = Optional.empty();

    private EventLogReader(Path directory, Deque<SegmentFile> files) {
        this.directory = directory;
        this.firstSegment = files.isEmpty() ? 1 : files.getFirst().number();
        this.files = files;
    }

    public static EventLogReader open(Path directory) throws IOException {
        return new EventLogReader(directory, new ArrayDeque<>(SegmentFile.of(directory)));
    }

    /// The facts of the last segments, each of which can be read alone.
    ///
    /// @param segments at most so many
    public static EventLogReader tail(Path directory, int segments) throws IOException {
        List<SegmentFile> files = SegmentFile.of(directory);
        return new EventLogReader(
                directory, new ArrayDeque<>(files.subList(Math.max(0, files.size() - segments), files.size())));
    }

    /// With which segment the log begins: 1, unless its beginning was dropped to keep it within its limit.
    public int firstSegment() {
        return firstSegment;
    }

    /// The next fact, or empty at the end.
    ///
    /// @throws EventLogDamagedException if there is damage before the end; it names file and offset
    public Optional<RecordedFact> next() throws IOException {
        while (true) {
            if (segment.isEmpty()) {
                if (files.isEmpty()) {
                    return Optional.empty();
                }
                segment = Optional.of(open(directory, files.getFirst(), files.size() == 1, 0, new SegmentPictures()));
            }
            SegmentReader open = segment.get();
            Optional<RecordedFact> fact = open.next();
            if (fact.isPresent()) {
                return fact;
            }
            SegmentFile read = files.remove();
            if (!files.isEmpty()) {
                requireWhole(read, open);
            }
            open.close();
            segment = Optional.empty();
        }
    }

    /// @param isLast whether it may be written meanwhile
    /// @param from where to begin: a record's start
    /// @param pictures of the records before that
    static SegmentReader open(Path directory, SegmentFile file, boolean isLast, long from, SegmentPictures pictures)
            throws IOException {
        if (!file.isCompressed()) {
            long flushed = isLast ? FlushMark.in(directory, file.number()) : Long.MAX_VALUE;
            try {
                return Segment.open(file.path(), flushed, from, pictures);
            } catch (NoSuchFileException _) {
                // compressed since the directory was listed
            }
        }
        Path compressed = SegmentFile.compressed(directory, file.number());
        try {
            return CompressedSegment.open(compressed, from, pictures);
        } catch (NoSuchFileException e) {
            throw new IOException(compressed + " is gone: it was dropped while the log was read", e);
        }
    }

    static void requireWhole(SegmentFile file, SegmentReader read) throws IOException {
        if (!read.isAtEnd()) {
            throw new EventLogDamagedException(
                    file.path(), read.position(), "an unfinished record, but there are later files");
        }
    }

    @Override
    public void close() throws IOException {
        if (segment.isPresent()) {
            segment.get().close();
        }
    }
}
