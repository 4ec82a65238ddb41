package io.railhead.app.crash;

import io.railhead.app.crash.DiskNode.Directory;
import io.railhead.app.crash.DiskNode.File;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// A disk in memory under a [java.nio.file.FileSystem] of its own. Everything that changes it or makes changes durable
/// is an operation with a number, before which it may fail or the process may end.
///
/// One thread at a time.
final class SimulatedDisk {
    /// What happens at an operation. The usual one does nothing.
    interface Fate {
        /// @throws PowerCut to end the process here
        /// @throws IOException to let the operation fail
        void before(long number, String operation) throws IOException;
    }

    private final DiskFileSystem files = new DiskFileSystem(this);
    private final Directory root;
    private Fate fate = (_, _) -> {};
    private long operations;
    private boolean dead;

    SimulatedDisk() {
        this(new Directory());
    }

    private SimulatedDisk(Directory root) {
        this.root = root;
    }

    SimulatedDisk under(Fate next) {
        fate = next;
        return this;
    }

    /// Ends the process before operation `number`, counted from 0.
    SimulatedDisk cutAt(long number) {
        return under((now, operation) -> {
            if (now == number) {
                dead = true;
                throw new PowerCut(now + " " + operation);
            }
        });
    }

    long operations() {
        return operations;
    }

    Path path(String path) {
        return files.getPath(path);
    }

    /// The machine lost power: what was not flushed is there in part.
    SimulatedDisk afterPowerCut(long seed) {
        return new SimulatedDisk((Directory) root.afterPowerCut(new Random(seed)));
    }

    /// The process was killed, the machine goes on: all that was written is there.
    SimulatedDisk afterKill() {
        return new SimulatedDisk(root);
    }

    // What the provider asks for; names is the way from the root

    DiskNode find(List<String> names) throws IOException {
        DiskNode at = root;
        for (String name : names) {
            at = at instanceof Directory directory ? directory.entries().get(name) : null;
            if (at == null) {
                throw new NoSuchFileException("/" + String.join("/", names));
            }
        }
        return at;
    }

    private Directory directory(List<String> names) throws IOException {
        if (find(names) instanceof Directory directory) {
            return directory;
        }
        throw new NotDirectoryException("/" + String.join("/", names));
    }

    private static List<String> parent(List<String> names) {
        return names.subList(0, names.size() - 1);
    }

    void createDirectory(List<String> names) throws IOException {
        add(names, new Directory(), "mkdir");
    }

    File createFile(List<String> names) throws IOException {
        File file = new File();
        add(names, file, "create");
        return file;
    }

    private void add(List<String> names, DiskNode node, String operation) throws IOException {
        if (names.isEmpty() || directory(parent(names)).entries().containsKey(names.getLast())) {
            throw new FileAlreadyExistsException("/" + String.join("/", names));
        }
        begin(operation, names);
        directory(parent(names)).put(names.getLast(), node);
    }

    void delete(List<String> names) throws IOException {
        if (find(names) instanceof Directory directory && !directory.entries().isEmpty()) {
            throw new DirectoryNotEmptyException("/" + String.join("/", names));
        }
        begin("delete", names);
        directory(parent(names)).remove(names.getLast());
    }

    void rename(List<String> from, List<String> to) throws IOException {
        if (!parent(from).equals(parent(to))) {
            throw new AtomicMoveNotSupportedException(
                    String.join("/", from), String.join("/", to), "the simulated disk renames within a directory");
        }
        Directory directory = directory(parent(from));
        find(from);
        if (directory.entries().get(to.getLast()) instanceof Directory there
                && !there.entries().isEmpty()) {
            throw new DirectoryNotEmptyException("/" + String.join("/", to));
        }
        begin("rename", to);
        directory.rename(from.getLast(), to.getLast());
    }

    /// A write that ends the process or fails is torn: some first bytes of it are there.
    int write(File file, List<String> names, long position, byte[] bytes) throws IOException {
        try {
            begin("write", names);
        } catch (PowerCut | IOException cut) {
            file.write(spliced(file.contents(), position, Arrays.copyOf(bytes, bytes.length / 2)));
            throw cut;
        }
        file.write(spliced(file.contents(), position, bytes));
        return bytes.length;
    }

    private static byte[] spliced(byte[] contents, long position, byte[] bytes) {
        byte[] next = Arrays.copyOf(contents, Math.max(contents.length, (int) position + bytes.length));
        System.arraycopy(bytes, 0, next, (int) position, bytes.length);
        return next;
    }

    void truncate(File file, List<String> names, long size) throws IOException {
        if (size < file.contents().length) {
            begin("truncate", names);
            file.write(Arrays.copyOf(file.contents(), (int) size));
        }
    }

    void flush(DiskNode node, List<String> names) throws IOException {
        begin("fsync", names);
        switch (node) {
            case File file -> file.flush();
            case Directory directory -> directory.flush();
        }
    }

    /// The process is over: nothing more is written.
    void end() {
        dead = true;
    }

    private void begin(String operation, List<String> names) throws IOException {
        String where = "/" + String.join("/", names);
        if (dead) {
            throw new PowerCut("after the end, " + operation + " " + where);
        }
        long number = operations++;
        try {
            fate.before(number, operation + " " + where);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new FileSystemException(where, null, e.getMessage());
        }
    }
}
