package io.railhead.transit.data.table;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/// The compressions that data sets come in. The library's own way to them goes through Hadoop, which is not here.
final class Codecs implements CompressionCodecFactory {
    private interface Decompression {
        byte[] bytes(byte[] compressed, int size) throws IOException;
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
        return switch (name) {
            case UNCOMPRESSED -> decompressor((bytes, _) -> bytes);
            case SNAPPY -> decompressor((bytes, _) -> Snappy.uncompress(bytes));
            case ZSTD -> decompressor(Zstd::decompress);
            case GZIP ->
                decompressor((bytes, size) -> {
                    try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                        return in.readNBytes(size);
                    }
                });
            case LZO, BROTLI, LZ4, LZ4_RAW ->
                throw new IllegalArgumentException("compressed with " + name + ", which is not supported");
        };
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName name) {
        throw new UnsupportedOperationException("nothing is written here");
    }

    @Override
    public void release() {}

    private static BytesInputDecompressor decompressor(Decompression decompression) {
        return new BytesInputDecompressor() {
            @Override
            public BytesInput decompress(BytesInput bytes, int size) throws IOException {
                var compressed = new ByteArrayOutputStream((int) bytes.size());
                bytes.writeAllTo(compressed);
                return BytesInput.from(decompression.bytes(compressed.toByteArray(), size));
            }

            @Override
            public void decompress(ByteBuffer input, int compressedSize, ByteBuffer output, int size)
                    throws IOException {
                byte[] compressed = new byte[compressedSize];
                input.get(compressed);
                output.put(decompression.bytes(compressed, size));
            }

            @Override
            public void release() {}
        };
    }
}
