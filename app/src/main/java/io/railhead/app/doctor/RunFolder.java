package io.railhead.app.doctor;

import io.railhead.actors.durable.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What the file system under the run directory does: commits, fences and the handing over of a head rest on it.
///
/// Each is tried with real files in a folder of its own, which is deleted again; what is shared with other machines is
/// tried through a second file handle of this one, which is as far as one machine sees.
final class RunFolder {
    private static final String ELSEWHERE =
            "put the run directory on a local disk or on a file system that keeps POSIX's rules (NFS from 4, not SMB or an"
                    + " object store)";
    private static final double SLOW_SECONDS = 1;
    private static final int FILES_LOOKED_AT = 1000;
    private static final int WRITES = 5;

    /// Something a run relies on. It throws what goes wrong.
    private interface Promise {
        /// @return what is broken; empty if it is kept
        Optional<String> test(Path folder) throws IOException;
    }

    private record Named(String check, Promise promise) {}

    /// @param probe a file that was written now
    /// @param newest of the files in the directory, as far as they are looked at
    record Result(List<Finding> findings, Optional<Clocks.Dated> probe, Optional<Clocks.Dated> newest) {}

    private RunFolder() {}

    static Result look(Path runDir) {
        Path existing = runDir.toAbsolutePath();
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        Path probe = existing.resolve(
                ".railhead-doctor-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()));
        try {
            String free = String.format(
                    Locale.ROOT,
                    "%s, %.1f GiB free, %s",
                    existing,
                    Files.getFileStore(existing).getUsableSpace() / (double) (1L << 30),
                    Files.getFileStore(existing).type());
            Files.createDirectory(probe);
            List<Finding> findings = new ArrayList<>(List.of(Finding.good("run directory", free)));
            Optional<Clocks.Dated> newest = newest(existing);
            for (Named named : promises()) {
                findings.add(timed(named, probe));
            }
            return new Result(findings, dated(Files.createFile(probe.resolve("now"))), newest);
        } catch (IOException e) {
            return new Result(
                    List.of(
                            Finding.bad(
                                    "run directory",
                                    existing + " cannot be written to: " + e,
                                    "give --run-dir a folder of this user's, with space, on a file system that is not read-only")),
                    Optional.empty(),
                    Optional.empty());
        } finally {
            delete(probe);
        }
    }

    private static List<Named> promises() {
        return List.of(
                new Named("create alone", RunFolder::createsAlone),
                new Named("flush", RunFolder::flushes),
                new Named("rename", RunFolder::renames),
                new Named("lock", RunFolder::locks));
    }

    private static Finding timed(Named named, Path folder) {
        long start = System.nanoTime();
        try {
            Optional<String> broken = named.promise().test(Files.createDirectory(folder.resolve(named.check())));
            double seconds = (System.nanoTime() - start) / 1e9;
            String took = String.format(Locale.ROOT, "%.1f ms", seconds * 1000);
            if (broken.isPresent()) {
                return Finding.bad(named.check(), broken.get(), ELSEWHERE);
            }
            return seconds < SLOW_SECONDS
                    ? Finding.good(named.check(), took)
                    : Finding.bad(
                            named.check(),
                            took + " is long: each commit takes several of these",
                            "put the run directory on a faster disk, or raise railhead.stage.checkpoint-every");
        } catch (IOException | UnsupportedOperationException e) {
            return Finding.bad(named.check(), "it fails: " + e, ELSEWHERE);
        }
    }

    /// Of several who make a file, one succeeds.
    private static Optional<String> createsAlone(Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("one"));
        try {
            Files.createFile(file);
            return Optional.of("a file can be made twice");
        } catch (FileAlreadyExistsException _) {
            return Optional.empty();
        }
    }

    /// Files and the directory are put on the disk. Whether the disk keeps its word cannot be seen.
    private static Optional<String> flushes(Path folder) throws IOException {
        for (int i = 0; i < WRITES; i++) {
            Path file = Files.write(folder.resolve("file-" + i), new byte[4096]);
            DurableFiles.flush(file);
            DurableFiles.flush(folder);
        }
        return Optional.empty();
    }

    /// A file takes another's place in one step: whoever opens the name sees the new one at once, whoever has it open
    /// goes on reading the old one, and nothing else is left.
    private static Optional<String> renames(Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("head"), "0");
        for (int i = 1; i <= WRITES; i++) {
            try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ)) {
                DurableFiles.replace(file, Integer.toString(i));
                if (!Files.readString(file).equals(Integer.toString(i))) {
                    return Optional.of("a renamed file is not seen at once");
                }
                ByteBuffer old = ByteBuffer.allocate(1);
                if (open.read(old, 0) != 1 || old.get(0) != (byte) ('0' + i - 1)) {
                    return Optional.of("a file that is open changes when another takes its name");
                }
            }
        }
        try (Stream<Path> left = Files.list(folder)) {
            return left.count() == 1 ? Optional.empty() : Optional.of("a rename leaves the old name behind");
        }
    }

    /// The lock that keeps two processes off one run.
    private static Optional<String> locks(Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("lock"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null || !lock.isValid() ? Optional.of("a new file is locked already") : Optional.empty();
        }
    }

    private static Optional<Clocks.Dated> newest(Path directory) {
        Optional<Clocks.Dated> newest = Optional.empty();
        try (Stream<Path> files = Files.walk(directory, 2).limit(FILES_LOOKED_AT)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Optional<Clocks.Dated> dated = dated(file);
                if (dated.isPresent()
                        && (newest.isEmpty()
                                || dated.get().written().isAfter(newest.get().written()))) {
                    newest = dated;
                }
            }
        } catch (IOException | java.io.UncheckedIOException _) {
            return newest; // somebody deletes files there, or does not let us look: no reason against the machine
        }
        return newest;
    }

    static Optional<Clocks.Dated> dated(Path file) {
        try {
            return Optional.of(new Clocks.Dated(
                    file.toString(), Files.getLastModifiedTime(file).toInstant()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static void delete(Path probe) {
        try {
            DurableFiles.deleteTree(probe);
        } catch (IOException _) {
            // what is left is empty and hidden, and its name says whose it is
        }
    }
}
