package io.railhead.actors.weights.delta;

import io.railhead.actors.weights.delta.WeightsLayout.Place;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/// One block as it travels: a header of 28 bytes, big-endian, and the payload.
///
/// ```
/// tensor 4 | block 4 | encoding 4 | raw length 4 | payload length 4 | CRC32C of the new block 4 | CRC32C of all this 4
/// ```
///
/// The last one is over the header before it and the payload; in a dense chunk over the header alone, since there the
/// payload is the new block, whose CRC32C is in the header: so contents are summed once, on either side.
///
/// @param payload from its position to its limit; nobody writes to it
public record Chunk(Header header, ByteBuffer payload) {
    public enum Encoding {
        /// The block is as it was; no payload.
        SAME(0),
        /// A [SparseBlock] of `rawLength` bytes, compressed with zstd.
        SPARSE(1),
        /// The contents themselves.
        DENSE(2);

        private final int code;

        Encoding(int code) {
            this.code = code;
        }

        private static Optional<Encoding> of(int code) {
            return Arrays.stream(values())
                    .filter(encoding -> encoding.code == code)
                    .findFirst();
        }
    }

    public record Header(Place place, Encoding encoding, int rawLength, int payloadLength, int sum, int crc) {
        public static final int BYTES = 28;
        private static final int CHECKED_BYTES = BYTES - Integer.BYTES;

        public byte[] bytes() {
            return ByteBuffer.allocate(BYTES)
                    .putInt(place.tensor())
                    .putInt(place.block())
                    .putInt(encoding.code)
                    .putInt(rawLength)
                    .putInt(payloadLength)
                    .putInt(sum)
                    .putInt(crc)
                    .array();
        }

        /// Reads 28 bytes. Nothing in them is believed but what the type can hold.
        ///
        /// @throws DamagedWeightsException if the encoding is unknown
        public static Header parse(ByteBuffer bytes) throws DamagedWeightsException {
            Place place = new Place(bytes.getInt(), bytes.getInt());
            int code = bytes.getInt();
            Encoding encoding = Encoding.of(code)
                    .orElseThrow(() ->
                            new DamagedWeightsException("chunk of " + place + " has the unknown encoding " + code));
            return new Header(place, encoding, bytes.getInt(), bytes.getInt(), bytes.getInt(), bytes.getInt());
        }

        private Header withCrcOf(ByteBuffer payload) {
            CRC32C crc32c = new CRC32C();
            crc32c.update(bytes(), 0, CHECKED_BYTES);
            if (encoding != Encoding.DENSE) {
                crc32c.update(payload.duplicate());
            }
            return new Header(place, encoding, rawLength, payloadLength, sum, (int) crc32c.getValue());
        }

        /// @throws DamagedWeightsException if header or payload are not those of the CRC32C
        void requireCrcOf(ByteBuffer payload) throws DamagedWeightsException {
            int found = withCrcOf(payload).crc;
            if (found != crc) {
                throw new DamagedWeightsException(
                        "chunk of %s has the CRC32C %08x instead of %08x".formatted(place, found, crc));
            }
            if (encoding == Encoding.DENSE && Checksum.of(payload) != sum) {
                throw new DamagedWeightsException("chunk of %s holds contents of the CRC32C %08x instead of %08x"
                        .formatted(place, Checksum.of(payload), sum));
            }
        }
    }

    static Chunk same(Place place, int sum) {
        return of(place, Encoding.SAME, 0, sum, ByteBuffer.allocate(0));
    }

    static Chunk sparse(Place place, int rawLength, int sum, byte[] compressed) {
        return of(place, Encoding.SPARSE, rawLength, sum, ByteBuffer.wrap(compressed));
    }

    static Chunk dense(Place place, int sum, ByteBuffer contents) {
        return of(place, Encoding.DENSE, contents.remaining(), sum, contents);
    }

    private static Chunk of(Place place, Encoding encoding, int rawLength, int sum, ByteBuffer payload) {
        Header header = new Header(place, encoding, rawLength, payload.remaining(), sum, 0).withCrcOf(payload);
        return new Chunk(header, payload.asReadOnlyBuffer());
    }

    /// Header and payload.
    public int byteCount() {
        return Header.BYTES + header.payloadLength();
    }
}
