package io.railhead.actors.cluster.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final int LARGEST = 300_000;

    private final List<byte[]> seen = new ArrayList<>();
    private final Frames frames = new Frames(LARGEST, frame -> {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        seen.add(bytes);
    });

    @Test
    void framesComeOutWholeHoweverTheirBytesArrive() {
        Random random = new Random(7);
        List<byte[]> sent = new ArrayList<>();
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.writeBytes(start(1));
        for (int length : new int[] {1, 28, 65_532, 65_536, 65_537, 200_000, LARGEST, 3}) {
            byte[] frame = new byte[length];
            random.nextBytes(frame);
            sent.add(frame);
            stream.writeBytes(length(length));
            stream.writeBytes(frame);
        }
        ByteBuffer all = ByteBuffer.wrap(stream.toByteArray());
        while (all.hasRemaining()) {
            int next = Math.min(all.remaining(), 1 + random.nextInt(random.nextBoolean() ? 5 : 40_000));
            frames.add(all.slice(all.position(), next));
            all.position(all.position() + next);
        }
        assertThat(seen).usingElementComparator(Arrays::compare).isEqualTo(sent);
    }

    @Test
    void bytesThatAreNotArterysAreRefused() {
        refuses("GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII), "bytes that are not Artery's");
        refuses(start(9), "stream 9 of Artery");
    }

    @Test
    void aFrameBeyondTheBoundIsRefusedBeforeItComes() {
        refuses(length(LARGEST + 1), "a frame of 300001 bytes, of at most 300000");
    }

    @Test
    void aNegativeLengthIsRefused() {
        refuses(length(-1), "a frame of 4294967295 bytes, of at most 300000");
    }

    @Test
    void anEmptyFrameIsRefused() {
        refuses(length(0), "a frame of 0 bytes, of at most 300000");
    }

    private void refuses(byte[] bytes, String why) {
        assertThatThrownBy(() ->
                        new Frames(LARGEST, _ -> {}).add(bytes.length == 4 ? begun(bytes) : ByteBuffer.wrap(bytes)))
                .isInstanceOf(RefusedException.class)
                .hasMessage(why);
    }

    private static ByteBuffer begun(byte[] length) {
        return ByteBuffer.allocate(9).put(start(2)).put(length).flip();
    }

    private static byte[] start(int stream) {
        return new byte[] {'A', 'K', 'K', 'A', (byte) stream};
    }

    private static byte[] length(int length) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .array();
    }
}
