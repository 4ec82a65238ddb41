package io.railhead.actors.weights.delta;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;

/// One thread's memory for the difference of a block, and its compressor. The blocks themselves stay where they are.
final class Scratch implements BlockWorkers.Memory {
    private static final int LEVEL = 1; // gaps and steps are nearly random: higher levels cost and bring nothing
    private static final int SLACK = 1 << 14; // zstd's worst case for a block is longer than the block

    final SparseBlock sparse = new SparseBlock();
    final byte[] raw = new byte[WeightsLayout.BLOCK_BYTES];

    private final byte[] packed = new byte[WeightsLayout.BLOCK_BYTES + SLACK];
    private final ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(LEVEL);
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();

    /// The first bytes of `raw`, compressed.
    byte[] compress(int rawLength) {
        int length = compressor.compressByteArray(packed, 0, packed.length, raw, 0, rawLength);
        return Arrays.copyOf(packed, length);
    }

    /// @param rawLength at most a block's
    /// @throws DamagedWeightsException unless the bytes are compressed ones of exactly this length
    void decompress(byte[] compressed, int rawLength) throws DamagedWeightsException {
        int length;
        try {
            length = decompressor.decompressByteArray(raw, 0, rawLength, compressed, 0, compressed.length);
        } catch (ZstdException e) {
            throw new DamagedWeightsException("a difference does not decompress: " + e.getMessage(), e);
        }
        if (length != rawLength) {
            throw new DamagedWeightsException(
                    "a difference decompresses to " + length + " bytes instead of " + rawLength);
        }
    }

    @Override
    public void close() {
        compressor.close();
        decompressor.close();
    }
}
