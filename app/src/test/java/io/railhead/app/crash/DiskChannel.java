package io.railhead.app.crash;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.List;

/// An open file of a [SimulatedDisk], or a directory that is open to be flushed.
final class DiskChannel extends FileChannel {
    private final SimulatedDisk disk;
    private final DiskNode node;
    private final List<String> names;
    private final boolean append;
    private long position;

    DiskChannel(SimulatedDisk disk, DiskNode node, List<String> names, boolean append) {
        this.disk = disk;
        this.node = node;
        this.names = names;
        this.append = append;
    }

    private DiskNode.File file() throws IOException {
        if (node instanceof DiskNode.File file) {
            return file;
        }
        throw new IOException("/" + String.join("/", names) + " is a directory");
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int read = read(target, position);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public int read(ByteBuffer target, long from) throws IOException {
        byte[] contents = file().contents();
        if (from >= contents.length) {
            return -1;
        }
        int count = (int) Math.min(target.remaining(), contents.length - from);
        target.put(contents, (int) from, count);
        return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (append) {
            position = size();
        }
        int written = write(source, position);
        position += written;
        return written;
    }

    @Override
    public int write(ByteBuffer source, long to) throws IOException {
        byte[] bytes = new byte[source.remaining()];
        source.duplicate().get(bytes);
        int written = disk.write(file(), names, to, bytes);
        source.position(source.position() + written);
        return written;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long next) {
        position = next;
        return this;
    }

    @Override
    public long size() throws IOException {
        return file().contents().length;
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        disk.truncate(file(), names, size);
        position = Math.min(position, size);
        return this;
    }

    @Override
    public void force(boolean metadata) throws IOException {
        disk.flush(node, names);
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        byte[] contents = file().contents();
        int end = (int) Math.min(contents.length, from + count);
        return target.write(ByteBuffer.wrap(Arrays.copyOfRange(contents, (int) from, end)));
    }

    @Override
    public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
        return MemorySegment.ofArray(file().contents().clone())
                .asSlice(offset, size)
                .asReadOnly();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long offset, long size) {
        throw new UnsupportedOperationException("only memory segments are mapped here");
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException("one buffer at a time");
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException("one buffer at a time");
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long to, long count) {
        throw new UnsupportedOperationException("from here alone");
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException("there is one process");
    }

    @Override
    public FileLock tryLock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException("there is one process");
    }

    @Override
    protected void implCloseChannel() {
        // nothing is held
    }
}
