package io.railhead.actors.telemetry;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// Reads the records of one segment in their order.
sealed interface SegmentReader extends Closeable permits Segment, CompressedSegment {
    /// The next record; empty at the end of the file and at a torn end.
    ///
    /// @throws EventLogDamagedException if what is there is neither
    Optional<RecordedFact> next() throws IOException;

    /// Where the next record starts, in bytes that are not compressed.
    long position();

    /// Whether everything was read, so that there is no torn end.
    boolean isAtEnd() throws IOException;

    @Override
    void close() throws IOException;
}
