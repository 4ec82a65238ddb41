package io.railhead.actors.weights.delta;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// CRC32C, which processors compute at the speed of memory. No defence against forgery.
final class Checksum {
    private Checksum() {}

    /// From position to limit, which stay where they are.
    static int of(ByteBuffer bytes) {
        CRC32C crc32c = new CRC32C();
        crc32c.update(bytes.duplicate());
        return (int) crc32c.getValue();
    }
}
