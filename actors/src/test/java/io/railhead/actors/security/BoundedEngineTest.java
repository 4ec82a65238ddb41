package io.railhead.actors.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLProtocolException;
import org.junit.jupiter.api.Test;

class BoundedEngineTest {
    private static final int BUFFER = 18_713; // that of Pekko's TLS streams

    @Test
    void aRecordThatDoesNotFitEndsTheConnection() throws Exception {
        ByteBuffer full = announcing(20_000, BUFFER, BUFFER);
        SSLEngineResult asked = server().unwrap(full, ByteBuffer.allocate(BUFFER));
        assertThat(asked.getStatus()).as("what JSSE says by itself").isEqualTo(Status.BUFFER_UNDERFLOW);
        assertThat(asked.bytesConsumed()).isZero();
        SSLEngine bounded = new BoundedEngine(server());
        assertThatThrownBy(() -> bounded.unwrap(full, ByteBuffer.allocate(BUFFER)))
                .isInstanceOf(SSLProtocolException.class)
                .hasMessage("a record larger than 18,713 bytes");
        assertThat(bounded.unwrap(full, ByteBuffer.allocate(BUFFER)).getStatus())
                .as("asked again")
                .isEqualTo(Status.CLOSED);
    }

    @Test
    void aPartOfARecordThatFitsIsWaitedFor() throws Exception {
        ByteBuffer part = announcing(16_000, 15_000, BUFFER);
        SSLEngineResult asked = new BoundedEngine(server()).unwrap(part, ByteBuffer.allocate(BUFFER));
        assertThat(asked.getStatus()).isEqualTo(Status.BUFFER_UNDERFLOW);
        assertThat(part.remaining()).isEqualTo(15_000);
    }

    private static SSLEngine server() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(false);
        return engine;
    }

    /// The head of a handshake record of `length` bytes and zeros, `there` bytes in all.
    private static ByteBuffer announcing(int length, int there, int capacity) {
        ByteBuffer buffer =
                ByteBuffer.allocate(capacity).put((byte) 22).put((byte) 3).put((byte) 3);
        return buffer.putShort((short) length).position(0).limit(there);
    }
}
