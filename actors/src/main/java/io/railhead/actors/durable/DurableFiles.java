package io.railhead.actors.durable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;

/// File operations of which it is known what a crash leaves of them.
///
/// A name in a directory (of a new file, of a renamed one) is durable when its directory was flushed, and contents
/// when the file was. A rename is one step for whoever looks, and after a crash: never half.
public final class DurableFiles {
    private DurableFiles() {}

    /// Gives a file these contents: after a crash it has the ones from before or these. Durable when it returns.
    /// Several processes may do it at a time; one of them is the last.
    public static void replace(Path file, byte[] contents) throws IOException {
        String own = Long.toString(ProcessHandle.current().pid()) + "-" + Long.toHexString(System.nanoTime());
        Path aside = file.resolveSibling("." + file.getFileName() + "." + own + ".new");
        Files.write(aside, contents);
        flush(aside);
        rename(aside, file);
    }

    /// As [#replace(Path, byte[])], in UTF-8.
    public static void replace(Path file, String contents) throws IOException {
        replace(file, contents.getBytes(StandardCharsets.UTF_8));
    }

    /// Gives a file or directory another name in the same directory, in the place of a file of that name. Durable
    /// when it returns.
    public static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        flushParent(to);
    }

    /// Makes a directory and those above it that are missing. Durable when it returns.
    public static void createDirectories(Path directory) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path at = directory.toAbsolutePath(); at != null && !Files.isDirectory(at); at = at.getParent()) {
            missing.push(at);
        }
        for (Path each : missing) {
            try {
                Files.createDirectory(each);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(each)) {
                    throw e;
                }
            }
            flushParent(each);
        }
    }

    private static void flushParent(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) { // only a root has none
            flush(parent);
        }
    }

    /// Puts on the disk what was written to a file; of a directory, the names in it.
    public static void flush(Path path) throws IOException {
        // a directory can be opened for reading only
        StandardOpenOption option = Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    /// Puts all below a directory on the disk, and itself.
    public static void flushTree(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                flush(path);
            }
        }
    }

    /// Deletes a file or a directory with all below it, if it is there. A crash leaves any part of it.
    public static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
