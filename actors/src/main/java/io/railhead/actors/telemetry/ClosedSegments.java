package io.railhead.actors.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The segments of an event log before the one that is written: compressed, and dropped from the oldest on while the
/// log
/// is longer than it may be. Resuming needs none of them.
record ClosedSegments(Path directory, TelemetrySettings settings) {
    private static final Logger LOG = LoggerFactory.getLogger(ClosedSegments.class);

    /// Costs about a second for each 100 MiB that is to be compressed. What fails is tried again with the next segment:
    /// a closed segment is as good as it was.
    ///
    /// @param written the segment that is written, which stays as it is
    void tidy(int written) {
        try {
            if (settings.compressEvents()) {
                CompressedSegment.forgetUnfinished(directory);
                for (SegmentFile file : before(written)) {
                    if (!file.isCompressed()) {
                        CompressedSegment.replace(file.path(), SegmentFile.compressed(directory, file.number()));
                    }
                }
            }
            if (settings.eventLogLimit() > 0) {
                drop(written);
            }
        } catch (IOException e) {
            LOG.warn("closed segments of {} stay as they are: {}", directory, e.toString());
        }
    }

    private void drop(int written) throws IOException {
        List<SegmentFile> closed = before(written);
        long left = Files.size(SegmentFile.written(directory, written));
        for (SegmentFile file : closed) {
            left += Files.size(file.path());
        }
        for (SegmentFile oldest : closed) {
            if (left <= settings.eventLogLimit()) {
                return;
            }
            left -= Files.size(oldest.path());
            LOG.info("dropped {}: the log may have {} bytes", oldest.path(), settings.eventLogLimit());
            Files.deleteIfExists(oldest.path());
        }
    }

    private List<SegmentFile> before(int written) throws IOException {
        return SegmentFile.of(directory).stream()
                .filter(file -> file.number() < written)
                .toList();
    }
}
