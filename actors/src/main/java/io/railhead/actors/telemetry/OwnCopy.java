package io.railhead.actors.telemetry;

import io.railhead.actors.durable.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Puts a copy in the place of a file. A process that has the old one open goes on with that alone.
final class OwnCopy {
    private OwnCopy() {}

    /// Keeps the first `length` bytes; makes the file if there is none. Durable when it returns.
    static void replace(Path file, long length) throws IOException {
        Path aside = file.resolveSibling("." + file.getFileName() + ".new");
        try (FileChannel to = FileChannel.open(
                aside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            if (length > 0) {
                copy(file, length, to);
            }
            to.force(true);
        }
        DurableFiles.rename(aside, file);
    }

    private static void copy(Path file, long length, FileChannel to) throws IOException {
        try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ)) {
            for (long done = 0; done < length; ) {
                long copied = from.transferTo(done, length - done, to);
                if (copied <= 0) {
                    throw new IOException(file + " ends at byte " + done + " of " + length);
                }
                done += copied;
            }
        }
    }
}
