package io.railhead.actors.telemetry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Reads a log's facts in their order, while it is written or after. Not thread-safe.
///
/// The end is where the last segment ends or is torn; an unfinished record there is not an error, because a writer may
/// be at it.
public final class EventLogReader {
    private final Path directory;
    private final Deque<Path> files;
    private Optional<Segment> segment = Optional.empty();

    private EventLogReader(Path directory, Deque<Path> files) {
        this.directory = directory;
        this.files = files;
    }

    public static EventLogReader open(Path directory) throws IOException {
        return new EventLogReader(directory, new ArrayDeque<>(Segment.filesOf(directory)));
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
                Path file = files.remove();
                long flushed = files.isEmpty() ? FlushMark.in(directory, file) : Long.MAX_VALUE;
                segment = Optional.of(Segment.open(file, flushed));
            }
            Segment open = segment.get();
            Optional<RecordedFact> fact = open.next();
            if (fact.isPresent()) {
                return fact;
            }
            if (open.position() < open.size() && !files.isEmpty()) {
                throw new EventLogDamagedException(
                        open.file(), open.position(), "an unfinished record, but there are later files");
            }
            segment = Optional.empty();
        }
    }
}
