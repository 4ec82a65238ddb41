package io.railhead.actors.weights.port;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// A connection in the clear: straight between the socket and the memory of the weights, without a copy in between.
final class PlainLink extends Link {
    PlainLink(SocketChannel channel) {
        super(channel);
    }

    @Override
    int readSome(ByteBuffer into) throws IOException {
        return channel().read(into);
    }

    @Override
    void writeSome(ByteBuffer[] from) throws IOException {
        channel().write(from);
    }
}
