package io.railhead.actors.telemetry;

import io.railhead.actors.durable.DurableFiles;
import io.railhead.actors.wire.FactCodec;
import io.railhead.protos.v1.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// The append-only log of a run's facts: `000001.log`, `000002.log`, ... in a directory. Not thread-safe. Files before
/// the last one are [ClosedSegments].
///
/// A fact is in the file when `append` returns, and on the disk when `force` returns. After a crash the last record
/// may be torn; opening cuts it off and says so. Damage anywhere else is never repaired.
public final class EventLog implements Closeable {
    private final Path directory;
    private final TelemetrySettings settings;
    private final Optional<TornEnd> tornEnd;
    private final ShownPictures pictures = new ShownPictures(); // since opening; after that shown again
    private int segment;
    private FileChannel channel;
    private long length;

    /// What opening cut off.
    public record TornEnd(Path file, long offset, long bytes) {
        @Override
        public String toString() {
            return file + ": cut " + bytes + " bytes of an unfinished record at byte " + offset;
        }
    }

    private EventLog(
            Path directory, TelemetrySettings settings, Optional<TornEnd> tornEnd, int segment, FileChannel channel)
            throws IOException {
        this.directory = directory;
        this.settings = settings;
        this.tornEnd = tornEnd;
        this.segment = segment;
        this.channel = channel;
        this.length = channel.size();
    }

    /// Opens the log for appending, making the directory if there is none.
    ///
    /// @throws EventLogDamagedException if the last segment is damaged before its end
    public static EventLog open(Path directory, TelemetrySettings settings) throws IOException {
        DurableFiles.createDirectories(directory);
        List<SegmentFile> files = SegmentFile.of(directory);
        if (files.isEmpty()) {
            new FlushMark(1, 0).write(directory);
            return new EventLog(directory, settings, Optional.empty(), 1, openSegment(directory, 1));
        }
        SegmentFile last = files.getLast();
        if (last.isCompressed()) {
            throw new EventLogDamagedException(last.path(), 0, "the segment after it, which was written last, is gone");
        }
        Optional<TornEnd> torn = findTornEnd(last.path(), FlushMark.in(directory, last.number()));
        OwnCopy.replace(last.path(), torn.map(TornEnd::offset).orElse(Files.size(last.path())));
        return new EventLog(directory, settings, torn, last.number(), openSegment(directory, last.number()));
    }

    private static Optional<TornEnd> findTornEnd(Path file, long flushed) throws IOException {
        Segment segment = Segment.open(file, flushed);
        while (segment.skip()) {
            // on to the end
        }
        long left = segment.size() - segment.position();
        return left == 0 ? Optional.empty() : Optional.of(new TornEnd(file, segment.position(), left));
    }

    /// What was cut off when the log was opened.
    public Optional<TornEnd> tornEnd() {
        return tornEnd;
    }

    /// Appends one fact, as [#append(List)] does.
    public void append(RecordedFact fact) throws IOException {
        append(List.of(fact));
    }

    /// Appends facts whole, with the bytes of their pictures, in as few writes as segments allow. If one fails, what
    /// got into the file of it is cut off again, so that a later append cannot bury it.
    public void append(List<RecordedFact> facts) throws IOException {
        ByteArrayOutputStream unwritten = new ByteArrayOutputStream();
        for (RecordedFact fact : facts) {
            RunEvent event = FactCodec.toProto(fact.at(), fact.fact());
            byte[] bytes = Segment.encode(pictures.showing(event, fact.fact()));
            long before = length + unwritten.size();
            if (before > 0 && before + bytes.length > settings.eventSegmentSize()) {
                write(unwritten);
                roll();
                pictures.clear();
                bytes = Segment.encode(pictures.showing(event, fact.fact()));
            }
            unwritten.writeBytes(bytes);
            pictures.remember(fact.fact());
        }
        write(unwritten);
    }

    private void write(ByteArrayOutputStream unwritten) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(unwritten.toByteArray());
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            pictures.clear(); // some may have been in what was not written
            cutBack(e);
            throw e;
        }
        length += bytes.limit();
        unwritten.reset();
    }

    private void cutBack(IOException failure) {
        try {
            channel.truncate(length);
        } catch (IOException e) { // the torn end is cut when the log is opened next
            failure.addSuppressed(e);
        }
    }

    private void roll() throws IOException {
        Files.deleteIfExists(SegmentFile.written(directory, segment + 1)); // only a fenced writer could have made it
        force(); // before there is a later one: only the end of the last segment may be torn
        FileChannel next = openSegment(directory, segment + 1);
        channel.close();
        segment++;
        channel = next;
        length = next.size();
        new ClosedSegments(directory, settings).tidy(segment);
    }

    /// Puts all that was appended on the disk.
    public void force() throws IOException {
        channel.force(true);
        new FlushMark(segment, length).write(directory);
    }

    @Override
    public void close() throws IOException {
        try (FileChannel closing = channel) {
            closing.force(true);
        }
    }

    private static FileChannel openSegment(Path directory, int number) throws IOException {
        FileChannel channel = FileChannel.open(
                SegmentFile.written(directory, number),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
        try {
            DurableFiles.flush(directory);
            return channel;
        } catch (IOException e) {
            try (channel) {
                throw e;
            }
        }
    }
}
