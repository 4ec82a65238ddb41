package io.railhead.actors.weights.port;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLSocket;

/// A connection under TLS, both sides with certificates. Closing the channel below is what unblocks it.
///
/// The handshake comes with the first byte that is read or written, when the link is watched already.
final class TlsLink extends Link {
    private static final int PIECE = 1 << 16;

    private final SSLSocket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] piece = new byte[PIECE];
    private boolean admitted;

    private TlsLink(SocketChannel channel, SSLSocket socket) throws IOException {
        super(channel);
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    static TlsLink accepted(SocketChannel channel, PortTls tls) throws IOException {
        SSLSocket socket = (SSLSocket) tls.context().getSocketFactory().createSocket(channel.socket(), null, true);
        tls.asServer(socket);
        return new TlsLink(channel, socket);
    }

    static TlsLink connected(SocketChannel channel, PortTls tls, String host, int port) throws IOException {
        SSLSocket socket =
                (SSLSocket) tls.context().getSocketFactory().createSocket(channel.socket(), host, port, true);
        tls.asClient(socket);
        return new TlsLink(channel, socket);
    }

    private void admit() throws IOException {
        if (!admitted) {
            socket.startHandshake();
            PortTls.requireCarrier(socket.getSession());
            admitted = true;
        }
    }

    @Override
    int readSome(ByteBuffer into) throws IOException {
        admit();
        int count = in.read(piece, 0, Math.min(piece.length, into.remaining()));
        if (count > 0) {
            into.put(piece, 0, count);
        }
        return count;
    }

    @Override
    void writeSome(ByteBuffer[] from) throws IOException {
        admit();
        for (ByteBuffer buffer : from) {
            if (buffer.hasRemaining()) {
                int count = Math.min(piece.length, buffer.remaining());
                buffer.get(piece, 0, count);
                out.write(piece, 0, count);
                return;
            }
        }
    }
}
