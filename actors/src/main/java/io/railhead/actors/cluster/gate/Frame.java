package io.railhead.actors.cluster.gate;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// One message as Artery frames it, version 0 of its header:
///
/// | bytes | what |
/// |---|---|
/// | 0 | version |
/// | 1 | flags; 1: metadata stands before the literals |
/// | 2, 3 | versions of the compression tables |
/// | 4-11 | uid of the sending actor system |
/// | 12-15 | serializer |
/// | 16-27 | tags of sender, recipient and manifest; a set high byte means: compressed |
/// | 28- | sender, recipient and manifest, each with two bytes of length; then the payload |
///
/// Everything is little-endian. Compressed forms are refused: nodes with a gate do not offer tables to their
/// peers.
///
/// @param payload the message, at its first byte
record Frame(long uid, int serializer, String manifest, ByteBuffer payload) {
    private static final int LITERALS = 28;
    private static final int COMPRESSED = 0xFF00_0000;
    private static final int METADATA = 1;

    /// @param bytes the whole frame
    /// @throws RefusedException if it is none
    static Frame read(ByteBuffer bytes) {
        ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int start = in.position();
        try {
            if (in.get(start) != 0) {
                throw new RefusedException("frames of another version of Artery");
            }
            long uid = in.getLong(start + 4);
            int serializer = in.getInt(start + 12);
            for (int tag = 16; tag < LITERALS; tag += Integer.BYTES) {
                if ((in.getInt(start + tag) & COMPRESSED) != 0) {
                    throw new RefusedException("a compressed header, which was not offered");
                }
            }
            in.position(start + LITERALS);
            if ((in.get(start + 1) & METADATA) != 0) {
                skip(in, in.getInt());
            }
            skip(in, in.getShort());
            skip(in, in.getShort());
            byte[] manifest = new byte[bounded(in, in.getShort())];
            in.get(manifest);
            return new Frame(uid, serializer, new String(manifest, StandardCharsets.US_ASCII), in.slice());
        } catch (BufferUnderflowException | IndexOutOfBoundsException _) {
            throw new RefusedException("a frame of " + bytes.remaining() + " bytes that ends in its header");
        }
    }

    private static void skip(ByteBuffer in, int length) {
        in.position(in.position() + bounded(in, length));
    }

    private static int bounded(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new RefusedException(
                    "a header that announces " + length + " bytes where there are " + in.remaining());
        }
        return length;
    }
}
