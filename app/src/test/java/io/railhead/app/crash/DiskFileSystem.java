package io.railhead.app.crash;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The `java.nio.file` face of a [SimulatedDisk]. Its paths have one root, and `/` between names.
final class DiskFileSystem extends FileSystem {
    private final DiskProvider provider;

    DiskFileSystem(SimulatedDisk disk) {
        this.provider = new DiskProvider(disk);
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public Path getPath(String first, String... more) {
        return DiskPath.of(this, more.length == 0 ? first : first + "/" + String.join("/", more));
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(getPath("/"));
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        Pattern pattern = Pattern.compile(syntaxAndPattern.replaceFirst("^regex:", ""));
        return path -> pattern.matcher(path.toString()).matches();
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException("nobody owns files here");
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("nobody watches files here");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("the file system lives as long as its disk");
    }
}
