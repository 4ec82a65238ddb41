package io.railhead.bench.weights;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;

/// A line of 1 Gbit/s to somebody: what comes from there goes through a token bucket of 125 MB/s.
final class SlowLine implements Closeable {
    private static final double BYTES_PER_NANO = 0.125;
    private static final int BUCKET = 1 << 18; // bytes that may go at once after a pause
    private static final int PIECE = 1 << 16; // bytes

    private final ServerSocketChannel listener;
    private final InetSocketAddress end;

    private SlowLine(ServerSocketChannel listener, InetSocketAddress end) {
        this.listener = listener;
        this.end = end;
    }

    static SlowLine to(InetSocketAddress end) throws IOException {
        SlowLine line = new SlowLine(
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), end);
        Thread.ofPlatform().daemon().start(line::accept);
        return line;
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                SocketChannel near = listener.accept();
                SocketChannel far = SocketChannel.open(end);
                Thread.ofPlatform().daemon().start(() -> pass(near, far, false));
                Thread.ofPlatform().daemon().start(() -> pass(far, near, true));
            } catch (IOException _) {
                return; // closed at the end
            }
        }
    }

    private static void pass(ByteChannel from, ByteChannel to, boolean slowly) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);
        long free = System.nanoTime(); // when the bucket is full
        try (from;
                to) {
            while (from.read(buffer.clear()) >= 0) {
                buffer.flip();
                if (slowly) {
                    long now = System.nanoTime();
                    free = Math.max(free, now - (long) (BUCKET / BYTES_PER_NANO))
                            + (long) (buffer.remaining() / BYTES_PER_NANO);
                    while (free > System.nanoTime()) {
                        LockSupport.parkNanos(free - System.nanoTime());
                    }
                }
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
        } catch (IOException _) {
            // the other direction has closed both
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
