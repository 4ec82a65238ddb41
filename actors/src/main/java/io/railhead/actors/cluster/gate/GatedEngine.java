package io.railhead.actors.cluster.gate;

import io.railhead.actors.security.BoundedEngine;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/// An engine that shows everything it decrypts to a watch before its caller gets it.
final class GatedEngine extends BoundedEngine {
    /// Sees one connection.
    interface Watch {
        /// @throws RefusedException if the connection must end here
        void decrypted(SSLSession session, ByteBuffer bytes);

        /// The connection ends in the handshake, or by bytes that are not TLS.
        ///
        /// @return what the caller gets
        RuntimeException failed(SSLException cause);
    }

    private final Watch watch;

    GatedEngine(SSLEngine inner, Watch watch) {
        super(inner);
        this.watch = watch;
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) {
        int[] before = Arrays.stream(targets).mapToInt(ByteBuffer::position).toArray();
        SSLEngineResult result;
        try {
            result = super.unwrap(source, targets, offset, length);
        } catch (SSLException e) {
            throw watch.failed(e);
        }
        for (int i = offset; i < offset + length && result.bytesProduced() > 0; i++) {
            ByteBuffer target = targets[i];
            watch.decrypted(getSession(), target.duplicate().flip().position(before[i]));
        }
        return result;
    }
}
