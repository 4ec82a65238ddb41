package io.railhead.app.crash;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Names between slashes.
record DiskPath(DiskFileSystem files, boolean isAbsolute, List<String> names) implements Path {
    DiskPath {
        names = List.copyOf(names);
    }

    static DiskPath of(DiskFileSystem files, String text) {
        List<String> names = Arrays.stream(text.split("/", -1))
                .filter(name -> !name.isEmpty())
                .toList();
        return new DiskPath(files, text.startsWith("/"), names);
    }

    static DiskPath of(Path path) {
        if (path instanceof DiskPath own) {
            return own;
        }
        throw new ProviderMismatchException(path.toString());
    }

    private DiskPath with(List<String> other, boolean absolute) {
        return new DiskPath(files, absolute, other);
    }

    /// From the root, without `.` and `..`.
    List<String> fromRoot() {
        return of(normalize()).names();
    }

    @Override
    public FileSystem getFileSystem() {
        return files;
    }

    @Override
    public @Nullable Path getRoot() {
        return isAbsolute ? with(List.of(), true) : null;
    }

    @Override
    public @Nullable Path getFileName() {
        return names.isEmpty() ? null : with(List.of(names.getLast()), false);
    }

    @Override
    public @Nullable Path getParent() {
        int count = names.size();
        return count == 0 || (count == 1 && !isAbsolute) ? null : with(names.subList(0, count - 1), isAbsolute);
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public Path getName(int index) {
        return with(List.of(names.get(index)), false);
    }

    @Override
    public Path subpath(int begin, int end) {
        return with(names.subList(begin, end), false);
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof DiskPath path
                && path.isAbsolute == isAbsolute
                && path.names.size() <= names.size()
                && names.subList(0, path.names.size()).equals(path.names);
    }

    @Override
    public boolean endsWith(Path other) {
        return other instanceof DiskPath path
                && path.names.size() <= names.size()
                && names.subList(names.size() - path.names.size(), names.size()).equals(path.names);
    }

    @Override
    public Path normalize() {
        List<String> normal = new ArrayList<>();
        for (String name : names) {
            if (name.equals("..") && !normal.isEmpty()) {
                normal.removeLast();
            } else if (!name.equals(".")) {
                normal.add(name);
            }
        }
        return with(normal, isAbsolute);
    }

    @Override
    public Path resolve(Path other) {
        DiskPath path = of(other);
        if (path.isAbsolute) {
            return path;
        }
        List<String> all = new ArrayList<>(names);
        all.addAll(path.names);
        return with(all, isAbsolute);
    }

    @Override
    public Path relativize(Path other) {
        DiskPath path = of(other);
        if (!path.startsWith(this)) {
            throw new IllegalArgumentException(other + " is not below " + this);
        }
        return with(path.names.subList(names.size(), path.names.size()), false);
    }

    @Override
    public URI toUri() {
        return URI.create("simulated:" + this);
    }

    @Override
    public Path toAbsolutePath() {
        return with(names, true);
    }

    @Override
    public Path toRealPath(LinkOption... options) {
        return toAbsolutePath().normalize();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("nobody watches files here");
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DiskPath path && path.isAbsolute == isAbsolute && path.names.equals(names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return (isAbsolute ? "/" : "") + String.join("/", names);
    }
}
