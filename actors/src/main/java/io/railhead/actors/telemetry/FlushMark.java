package io.railhead.actors.telemetry;

import io.railhead.actors.durable.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How far an event log is on the disk for certain, as `flushed` beside its segments. A commit waits for it.
///
/// What was written after it may be there in any part after a loss of power, also with holes before whole records; what
/// is before it is whole, or was damaged later.
record FlushMark(int segment, long offset) {
    private static final String NAME = "flushed";
    private static final Pattern LINE = Pattern.compile("(\\d{1,9}) (\\d{1,18})\n");

    /// Empty if there is none: a log from before there was one, or a damaged mark.
    static Optional<FlushMark> read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Matcher line = LINE.matcher(Files.readString(file));
        return line.matches()
                ? Optional.of(new FlushMark(Integer.parseInt(line.group(1)), Long.parseLong(line.group(2))))
                : Optional.empty();
    }

    /// Durable when it returns.
    void write(Path directory) throws IOException {
        DurableFiles.replace(directory.resolve(NAME), segment + " " + offset + "\n");
    }

    /// The bytes of the last segment that are whole for certain; without a mark all of them.
    static long in(Path directory, int lastSegment) throws IOException {
        return read(directory)
                .filter(mark -> mark.segment() <= lastSegment)
                .map(mark -> mark.segment() == lastSegment ? mark.offset() : 0)
                .orElse(Long.MAX_VALUE);
    }
}
