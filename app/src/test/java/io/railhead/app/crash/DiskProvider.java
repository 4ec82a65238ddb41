package io.railhead.app.crash;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What `java.nio.file.Files` calls, on a [SimulatedDisk].
final class DiskProvider extends FileSystemProvider {
    private final SimulatedDisk disk;

    DiskProvider(SimulatedDisk disk) {
        this.disk = disk;
    }

    private static List<String> names(Path path) {
        return DiskPath.of(path).fromRoot();
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        boolean writing = options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
        List<String> names = names(path);
        DiskNode node;
        if (writing && options.contains(StandardOpenOption.CREATE_NEW)) {
            node = disk.createFile(names);
        } else {
            node = openOrCreate(names, writing && options.contains(StandardOpenOption.CREATE));
        }
        if (writing && options.contains(StandardOpenOption.TRUNCATE_EXISTING) && node instanceof DiskNode.File file) {
            disk.truncate(file, names, 0);
        }
        return new DiskChannel(disk, node, names, options.contains(StandardOpenOption.APPEND));
    }

    private DiskNode openOrCreate(List<String> names, boolean create) throws IOException {
        try {
            return disk.find(names);
        } catch (NoSuchFileException e) {
            if (create) {
                return disk.createFile(names);
            }
            throw e;
        }
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        if (!(disk.find(names(path)) instanceof DiskNode.Directory directory)) {
            throw new NotDirectoryException(path.toString());
        }
        List<Path> found = new ArrayList<>();
        for (String name : directory.entries().keySet()) {
            if (filter.accept(path.resolve(name))) {
                found.add(path.resolve(name));
            }
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return found.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        disk.createDirectory(names(path));
    }

    @Override
    public void delete(Path path) throws IOException {
        disk.delete(names(path));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        disk.rename(names(source), names(target));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException("nothing durable is made by copying");
    }

    @Override
    public boolean isSameFile(Path path, Path other) {
        return names(path).equals(names(other));
    }

    @Override
    public boolean isHidden(Path path) {
        return false;
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        disk.find(names(path));
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return type.cast(new Attributes(disk.find(names(path))));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        Attributes all = readAttributes(path, Attributes.class);
        return Map.of("lastModifiedTime", all.lastModifiedTime(), "size", all.size());
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return null;
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException("files have no attributes to set here");
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException("there is one disk");
    }

    @Override
    public String getScheme() {
        return "simulated";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException("a simulated disk has one");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new UnsupportedOperationException("a simulated disk has no address");
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException("a simulated disk has no address");
    }

    private record Attributes(DiskNode node) implements BasicFileAttributes {
        private static final FileTime ALWAYS = FileTime.fromMillis(0);

        @Override
        public FileTime lastModifiedTime() {
            return ALWAYS;
        }

        @Override
        public FileTime lastAccessTime() {
            return ALWAYS;
        }

        @Override
        public FileTime creationTime() {
            return ALWAYS;
        }

        @Override
        public boolean isRegularFile() {
            return node instanceof DiskNode.File;
        }

        @Override
        public boolean isDirectory() {
            return node instanceof DiskNode.Directory;
        }

        @Override
        public boolean isSymbolicLink() {
            return false;
        }

        @Override
        public boolean isOther() {
            return false;
        }

        @Override
        public long size() {
            return node instanceof DiskNode.File file ? file.contents().length : 0;
        }

        @Override
        public Object fileKey() {
            return node;
        }
    }
}
