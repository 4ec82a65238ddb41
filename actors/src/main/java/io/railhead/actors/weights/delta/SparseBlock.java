package io.railhead.actors.weights.delta;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

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
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int LONGEST_VARINT = 5;
    private static final int HEADER = 2 * LONGEST_VARINT;
    private static final int LINE = 8 * Long.BYTES; // bytes that are looked at together
    private static final int PIECE =
            128 << 10; // bytes that are looked through before their changes are written: both fit L2

    private final byte[] gaps = new byte[WeightsLayout.BLOCK_BYTES + LINE / Short.BYTES * LONGEST_VARINT];
    private final byte[] steps = new byte[gaps.length];
    private final int[] changed = new int[PIECE / LINE + 1]; // where the lines begin
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
    /// @param before as long as `after`, at most a block's length
    /// @return its length, or -1 if it would be as long as the block itself
    int encode(int width, MemorySegment before, MemorySegment after, byte[] out) {
        count = 0;
        gapEnd = 0;
        stepEnd = 0;
        next = 0;
        int length = (int) after.byteSize();
        int lines = length - length % LINE;
        for (int piece = 0; piece < lines; piece += PIECE) {
            int found = findChanged(before, after, piece, Math.min(lines, piece + PIECE));
            for (int i = 0; i < found; i++) {
                putLine(width, before, after, changed[i]);
                if (HEADER + gapEnd + stepEnd >= length) {
                    return -1;
                }
            }
        }
        for (int rest = lines; rest < length; rest += width) {
            int step = step(width, before, after, rest);
            if (step != 0) {
                putChange(rest / width, step);
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

    /// Notes which lines differ, without a branch: where the next one lies nobody can foresee, and a wrong guess
    /// costs as much as a look at several lines.
    ///
    /// @return how many
    private int findChanged(MemorySegment before, MemorySegment after, int from, int end) {
        int found = 0;
        for (int line = from; line < end; line += LINE) {
            long at = line; // sums of longs: the compiler then checks their range once and not in every line
            long difference = (difference(before, after, at) | difference(before, after, at + 8))
                    | (difference(before, after, at + 16) | difference(before, after, at + 24))
                    | (difference(before, after, at + 32) | difference(before, after, at + 40))
                    | (difference(before, after, at + 48) | difference(before, after, at + 56));
            changed[found] = line;
            found += oneIfAny(difference);
        }
        return found;
    }

    /// The changes within a line: seldom more than one of its words, so that those are found by their bits in a mask.
    private void putLine(int width, MemorySegment before, MemorySegment after, long at) {
        int words = 0;
        for (int word = 0; word < LINE / Long.BYTES; word++) {
            words |= oneIfAny(difference(before, after, at + (long) word * Long.BYTES)) << word;
        }
        while (words != 0) {
            putWord(width, before, after, at + (long) Integer.numberOfTrailingZeros(words) * Long.BYTES);
            words &= words - 1;
        }
    }

    private static long difference(MemorySegment before, MemorySegment after, long at) {
        return before.get(LONG, at) ^ after.get(LONG, at);
    }

    private static int oneIfAny(long bits) {
        return (int) ((bits | -bits) >>> (Long.SIZE - 1));
    }

    /// The changes within a word: of four elements seldom more than one, in any of them. So each is found by its lowest
    /// bit.
    private void putWord(int width, MemorySegment before, MemorySegment after, long at) {
        int bits = width * Byte.SIZE;
        long mask = width == Short.BYTES ? 0xFFFFL : 0xFFFF_FFFFL;
        int shift = width == Short.BYTES ? 1 : 2;
        long left = difference(before, after, at);
        while (left != 0) {
            int bit = Long.numberOfTrailingZeros(left) & -bits;
            long lane = at + (bit >> 3);
            putChange((int) (lane >> shift), step(width, before, after, lane));
            left &= ~(mask << bit);
        }
    }

    private void putChange(int element, int step) {
        gapEnd = putVarint(gaps, gapEnd, element - next);
        stepEnd = putVarint(steps, stepEnd, (step << 1) ^ (step >> 31));
        next = element + 1;
        count++;
    }

    private static int step(int width, MemorySegment before, MemorySegment after, long at) {
        if (width == Short.BYTES) {
            return (short) (place(after.get(SHORT, at)) - place(before.get(SHORT, at)));
        }
        return place(after.get(INT, at)) - place(before.get(INT, at));
    }

    /// Makes the old block the new one, in place.
    ///
    /// @param width bytes of an element
    /// @throws DamagedWeightsException if `in` is no difference of a block of this length
    static void decode(int width, byte[] in, int inLength, MemorySegment block) throws DamagedWeightsException {
        VarintReader header = new VarintReader(in, 0, inLength);
        int count = header.next("count");
        int gapBytes = header.next("gap bytes");
        int elements = (int) (block.byteSize() / width);
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

    private static void advance(int width, MemorySegment block, int at, int step) throws DamagedWeightsException {
        if (step == 0) {
            throw new DamagedWeightsException("a step of 0");
        }
        if (width == Short.BYTES) {
            if (step != (short) step) {
                throw new DamagedWeightsException("a step of " + step + " among numbers of 16 bits");
            }
            block.set(SHORT, at, place((short) (place(block.get(SHORT, at)) + step)));
        } else {
            block.set(INT, at, place(place(block.get(INT, at)) + step));
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
