package io.railhead.actors.weights.port;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// One connection, used by one thread, which it blocks. A [LinkWatch] closes it when nothing moves for too long.
abstract class Link implements Closeable {
    /// Bytes after which a move is noted: a slow line must not look idle while one large block goes over it.
    private static final int PIECE = 1 << 18;

    private final SocketChannel channel;
    private volatile long lastMove = System.nanoTime();
    private volatile long end = Long.MAX_VALUE; // of System.nanoTime, as an offset from `lastMove`'s origin
    private volatile boolean ends;
    private volatile @Nullable String expired;

    Link(SocketChannel channel) {
        this.channel = channel;
    }

    SocketChannel channel() {
        return channel;
    }

    /// At least one byte, unless the buffer is full.
    ///
    /// @return -1 at the end
    abstract int readSome(ByteBuffer into) throws IOException;

    /// At least one byte, unless all buffers are empty.
    abstract void writeSome(ByteBuffer[] from) throws IOException;

    final void readFully(ByteBuffer into) throws IOException {
        if (!readFullyOrEnd(into)) {
            throw new EOFException("the connection ended");
        }
    }

    /// @return false if the connection ended before the first byte
    final boolean readFullyOrEnd(ByteBuffer into) throws IOException {
        boolean first = true;
        int limit = into.limit();
        try {
            while (into.position() < limit) {
                into.limit(Math.min(limit, into.position() + PIECE));
                if (readSome(into) < 0) {
                    if (first) {
                        return false;
                    }
                    throw new EOFException("the connection ended within a message");
                }
                first = false;
                moved();
                into.limit(limit);
            }
            return true;
        } catch (IOException e) {
            throw explained(e);
        } finally {
            into.limit(limit);
        }
    }

    final void writeFully(ByteBuffer... from) throws IOException {
        try {
            while (from[from.length - 1].hasRemaining()) {
                writeSome(from);
                moved();
            }
        } catch (IOException e) {
            throw explained(e);
        }
    }

    final void moved() {
        lastMove = System.nanoTime();
    }

    /// From now on, all must be over at that instant of `System.nanoTime`.
    final void endBy(long nanoTime) {
        end = nanoTime;
        ends = true;
    }

    final boolean isIdle(long now, long nanos) {
        return now - lastMove > nanos;
    }

    final boolean isOver(long now) {
        return ends && now - end > 0;
    }

    /// From another thread: whoever waits here hears of it as an exception with this cause.
    final void expire(String cause) throws IOException {
        expired = cause;
        channel.close();
    }

    private IOException explained(IOException e) {
        String cause = expired;
        if (cause == null) {
            return e;
        }
        SocketTimeoutException timeout = new SocketTimeoutException(cause);
        timeout.initCause(e);
        return timeout;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
