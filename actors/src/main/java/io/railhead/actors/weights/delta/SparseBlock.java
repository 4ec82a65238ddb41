package io.railhead.actors.weights.delta;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The difference of two blocks of numbers of 16 or 32 bits: which elements changed, and by how many steps.
///
/// ```
/// block   = count gapBytes gap*count step*count     all of them varints: 7 bits a byte, lowest first
/// gap     = how many unchanged elements lie before this one
/// step    = zigzag of its new place minus its old one among all numbers in their order
/// ```
///
/// The order is that of the values, so that the next number that the type can hold is one step away, over the sign as
/// well: after -0 comes +0. NaN and infinity have places like any bits; nothing is lost. Places are subtracted modulo
/// the type's width. Gaps stand together and steps stand together, since each compresses best among its like.
final class SparseBlock {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LONGEST_VARINT = 5;
    private static final int HEADER = 2 * LONGEST_VARINT;

    private final byte[] gaps = new byte[WeightsLayout.BLOCK_BYTES + 4 * LONGEST_VARINT];
    private final byte[] steps = new byte[gaps.length];
    private int gapEnd;
    private int stepEnd;
    private int count;
    private int next; // the first element after the last changed one

    static boolean covers(int width) {
        return width == Short.BYTES || width == Integer.BYTES;
    }

    /// Writes the difference into `out`. One thread's; keeps memory between blocks.
    ///
    /// @param width bytes of an element
    /// @return its length, or -1 if it would be as long as the block itself
    int encode(int width, byte[] before, byte[] after, int length, byte[] out) {
        count = 0;
        gapEnd = 0;
        stepEnd = 0;
        next = 0;
        int words = length & -Long.BYTES;
        int at = 0;
        while (at < words) {
            long difference = (long) LONG.get(before, at) ^ (long) LONG.get(after, at);
            if (difference == 0) {
                // A long stretch without change is passed by the widest vectors.
                int same = Arrays.mismatch(before, at, words, after, at, words);
                if (same < 0) {
                    break;
                }
                at += same & -Long.BYTES;
                difference = (long) LONG.get(before, at) ^ (long) LONG.get(after, at);
            }
            putChanges(width, before, after, at, difference);
            if (HEADER + gapEnd + stepEnd >= length) {
                return -1;
            }
            at += Long.BYTES;
        }
        for (int rest = words; rest < length; rest += width) {
            if (step(width, before, after, rest) != 0) {
                putChange(rest / width, step(width, before, after, rest));
            }
        }
        if (HEADER + gapEnd + stepEnd >= length) {
            return -1;
        }
        int end = putVarint(out, putVarint(out, 0, count), gapEnd);
        System.arraycopy(gaps, 0, out, end, gapEnd);
        System.arraycopy(steps, 0, out, end + gapEnd, stepEnd);
        return end + gapEnd + stepEnd;
    }

    /// The changes within a word: of four elements seldom more than one, in any of them. So each is found by its lowest
    /// bit, without a branch that nobody can foresee.
    private void putChanges(int width, byte[] before, byte[] after, int at, long difference) {
        int bits = width * Byte.SIZE;
        long mask = width == Short.BYTES ? 0xFFFFL : 0xFFFF_FFFFL;
        int shift = width == Short.BYTES ? 1 : 2;
        long left = difference;
        while (left != 0) {
            int bit = Long.numberOfTrailingZeros(left) & -bits;
            int lane = at + (bit >> 3);
            putChange(lane >> shift, step(width, before, after, lane));
            left &= ~(mask << bit);
        }
    }

    private void putChange(int element, int step) {
        gapEnd = putVarint(gaps, gapEnd, element - next);
        stepEnd = putVarint(steps, stepEnd, (step << 1) ^ (step >> 31));
        next = element + 1;
        count++;
    }

    private static int step(int width, byte[] before, byte[] after, int at) {
        if (width == Short.BYTES) {
            return (short) (place((short) SHORT.get(after, at)) - place((short) SHORT.get(before, at)));
        }
        return place((int) INT.get(after, at)) - place((int) INT.get(before, at));
    }

    /// Makes the old block the new one, in place.
    ///
    /// @param width bytes of an element
    /// @throws DamagedWeightsException if `in` is no difference of a block of this length
    static void decode(int width, byte[] in, int inLength, byte[] block, int length) throws DamagedWeightsException {
        VarintReader header = new VarintReader(in, 0, inLength);
        int count = header.next("count");
        int gapBytes = header.next("gap bytes");
        int elements = length / width;
        if (count < 0 || count > elements) {
            throw new DamagedWeightsException(
                    Integer.toUnsignedString(count) + " changes in a block of " + elements + " elements");
        }
        if (gapBytes < 0 || gapBytes > inLength - header.at) {
            throw new DamagedWeightsException(
                    Integer.toUnsignedString(gapBytes) + " bytes of gaps in a difference of " + inLength + " bytes");
        }
        VarintReader gap = new VarintReader(in, header.at, header.at + gapBytes);
        VarintReader step = new VarintReader(in, header.at + gapBytes, inLength);
        int element = -1;
        for (int i = 0; i < count; i++) {
            int skipped = gap.next("gap");
            if (skipped < 0 || skipped >= elements - 1 - element) {
                throw new DamagedWeightsException("change %d lies %s elements after element %d of a block of %d"
                        .formatted(i, Integer.toUnsignedString(skipped), element, elements));
            }
            element += 1 + skipped;
            int zigzag = step.next("step");
            advance(width, block, element * width, (zigzag >>> 1) ^ -(zigzag & 1));
        }
        gap.requireEnd("gaps");
        step.requireEnd("steps");
    }

    private static void advance(int width, byte[] block, int at, int step) throws DamagedWeightsException {
        if (step == 0) {
            throw new DamagedWeightsException("a step of 0");
        }
        if (width == Short.BYTES) {
            if (step != (short) step) {
                throw new DamagedWeightsException("a step of " + step + " among numbers of 16 bits");
            }
            SHORT.set(block, at, place((short) (place((short) SHORT.get(block, at)) + step)));
        } else {
            INT.set(block, at, place(place((int) INT.get(block, at)) + step));
        }
    }

    /// Sign and magnitude to place and back: it undoes itself.
    static short place(short bits) {
        return (short) (bits ^ ((bits >> 15) & 0x7FFF));
    }

    static int place(int bits) {
        return bits ^ ((bits >> 31) & 0x7FFF_FFFF);
    }

    private static int putVarint(byte[] out, int at, int value) {
        int rest = value;
        int end = at;
        while ((rest & ~0x7F) != 0) {
            out[end++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[end++] = (byte) rest;
        return end;
    }

    private static final class VarintReader {
        private final byte[] in;
        private final int end;
        private int at;

        VarintReader(byte[] in, int start, int end) {
            this.in = in;
            this.at = start;
            this.end = end;
        }

        /// Any 32 bits; callers say which they take.
        int next(String what) throws DamagedWeightsException {
            int value = 0;
            for (int shift = 0; shift < 7 * LONGEST_VARINT; shift += 7) {
                if (at == end) {
                    throw new DamagedWeightsException("the difference of a block ends within a " + what);
                }
                byte b = in[at++];
                value |= (b & 0x7F) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw new DamagedWeightsException("a " + what + " is longer than " + LONGEST_VARINT + " bytes");
        }

        void requireEnd(String what) throws DamagedWeightsException {
            if (at != end) {
                throw new DamagedWeightsException((end - at) + " bytes after the last of the " + what);
            }
        }
    }
}
