package io.railhead.actors.cluster.gate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/// Cuts the bytes of one connection into frames, as Artery does: four bytes of magic and one with the number of
/// the stream, then each frame behind four bytes with its length, little-endian. Artery itself sets no bound to
/// that length.
///
/// Not thread-safe.
final class Frames {
    private static final byte[] MAGIC = {'A', 'K', 'K', 'A'}; // pekko.remote.artery.advanced.tcp-magic
    private static final int LARGEST_STREAM = 3;
    private static final int KEPT = 64 << 10;

    private final int largest;
    private final Consumer<ByteBuffer> frames;
    private byte[] buffer = new byte[KEPT];
    private int filled;
    private boolean begun;

    /// @param largest bytes of a frame
    /// @param frames gets each whole frame; the buffer is valid during the call only
    Frames(int largest, Consumer<ByteBuffer> frames) {
        this.largest = largest;
        this.frames = frames;
    }

    /// @throws RefusedException if this cannot be Artery's, or `frames` refuses
    void add(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int wanted = wanted();
            int taken = Math.min(bytes.remaining(), wanted - filled);
            if (wanted > buffer.length) {
                // Grows with what arrives, not with what is announced.
                int room = Math.min(wanted, Math.max(2 * buffer.length, filled + taken));
                if (filled + taken > buffer.length) {
                    buffer = Arrays.copyOf(buffer, room);
                }
            }
            bytes.get(buffer, filled, taken);
            filled += taken;
            if (filled == wanted) {
                complete();
            }
        }
    }

    /// How many bytes the part that is being read has, as far as is known by now.
    private int wanted() {
        if (!begun) {
            return MAGIC.length + 1;
        }
        return filled < Integer.BYTES ? Integer.BYTES : Integer.BYTES + length();
    }

    private void complete() {
        if (!begun) {
            requireArtery();
            begun = true;
            filled = 0;
        } else if (filled > Integer.BYTES) {
            frames.accept(ByteBuffer.wrap(buffer, Integer.BYTES, filled - Integer.BYTES));
            filled = 0;
            if (buffer.length > KEPT) {
                buffer = new byte[KEPT];
            }
        } else {
            requireLength(length());
        }
    }

    private void requireArtery() {
        if (!Arrays.equals(buffer, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new RefusedException("bytes that are not Artery's");
        }
        int stream = buffer[MAGIC.length];
        if (stream < 1 || stream > LARGEST_STREAM) {
            throw new RefusedException("stream " + stream + " of Artery");
        }
    }

    private void requireLength(int length) {
        if (length <= 0 || length > largest) {
            throw new RefusedException(
                    "a frame of " + Integer.toUnsignedString(length) + " bytes, of at most " + largest);
        }
    }

    private int length() {
        return (buffer[0] & 0xFF) | (buffer[1] & 0xFF) << 8 | (buffer[2] & 0xFF) << 16 | (buffer[3] & 0xFF) << 24;
    }
}
