package io.railhead.actors.weights.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SparseBlockProperties {
    private static final SparseBlock SPARSE = new SparseBlock();

    /// Two blocks of the same length.
    static final class Pair {
        private final int width;
        private final byte[] before;
        private final byte[] after;

        Pair(int width, byte[] before, byte[] after) {
            this.width = width;
            this.before = before;
            this.after = after;
        }

        @Override
        public String toString() {
            return width + " bytes: " + Arrays.toString(before) + " to " + Arrays.toString(after);
        }
    }

    @Provide
    Arbitrary<Pair> pairs() {
        return Combinators.combine(
                        Arbitraries.of(Short.BYTES, Integer.BYTES),
                        Arbitraries.integers().between(1, 300),
                        Arbitraries.of(0.0, 0.01, 0.1, 0.6),
                        Arbitraries.longs())
                .as(SparseBlockProperties::pair);
    }

    /// Elements of all kinds, special ones as often as others; a change is a step or another element altogether.
    private static Pair pair(int width, int elements, double changed, long seed) {
        Random random = new Random(seed);
        byte[] before = new byte[elements * width];
        for (int i = 0; i < elements; i++) {
            put(before, i, width, SpecialNumbers.draw(random, width));
        }
        byte[] after = before.clone();
        for (int i = 0; i < elements; i++) {
            if (random.nextDouble() < changed) {
                boolean near = random.nextBoolean();
                int bits = near ? get(before, i, width) + random.nextInt(-2, 3) : SpecialNumbers.draw(random, width);
                put(after, i, width, bits);
            }
        }
        return new Pair(width, before, after);
    }

    @Property
    void differenceIsThatOfTheObviousTwinUnlessItIsAsLongAsTheBlock(@ForAll("pairs") Pair pair) {
        byte[] slow = SlowDifference.encode(pair.before, pair.after, pair.width);
        byte[] out = new byte[pair.before.length];
        int length =
                SPARSE.encode(pair.width, MemorySegment.ofArray(pair.before), MemorySegment.ofArray(pair.after), out);
        if (length >= 0) {
            assertThat(Arrays.copyOf(out, length)).isEqualTo(slow);
        } else {
            assertThat(slow.length + 10).isGreaterThanOrEqualTo(pair.before.length); // the header counted in full
        }
    }

    @Property
    void differenceMakesTheOldBlockTheNewOne(@ForAll("pairs") Pair pair) throws DamagedWeightsException {
        byte[] difference = SlowDifference.encode(pair.before, pair.after, pair.width);
        byte[] block = pair.before.clone();
        SparseBlock.decode(pair.width, difference, difference.length, MemorySegment.ofArray(block));
        assertThat(block).isEqualTo(pair.after);
    }

    @Property
    void anyBytesAreADifferenceOrRefused(@ForAll byte[] bytes, @ForAll("pairs") Pair pair) {
        byte[] block = pair.before.clone();
        DamagedWeightsException refusal = catchThrowableOfType(
                DamagedWeightsException.class,
                () -> SparseBlock.decode(pair.width, bytes, bytes.length, MemorySegment.ofArray(block)));
        if (refusal != null) {
            assertThat(refusal).hasMessageMatching("(?s).*(change|gap|step|block|count).*");
        }
    }

    @Property
    void truncatedDifferenceIsRefused(@ForAll("pairs") Pair pair) {
        byte[] difference = SlowDifference.encode(pair.before, pair.after, pair.width);
        for (int length = 0; length < difference.length; length++) {
            int cut = length;
            byte[] block = pair.before.clone();
            assertThat(catchThrowableOfType(
                            DamagedWeightsException.class,
                            () -> SparseBlock.decode(pair.width, difference, cut, MemorySegment.ofArray(block))))
                    .isNotNull();
        }
    }

    @Example
    void neighboursAreOneStepApartOverTheSignToo() {
        short minusZero = (short) 0x8000;
        short smallestNegative = (short) 0x8001;
        assertThat(SparseBlock.place((short) 0) - SparseBlock.place(minusZero)).isEqualTo(1);
        assertThat(SparseBlock.place(minusZero) - SparseBlock.place(smallestNegative))
                .isEqualTo(1);
        assertThat(SparseBlock.place(0) - SparseBlock.place(0x8000_0000)).isEqualTo(1);
        for (int bits = Short.MIN_VALUE; bits <= Short.MAX_VALUE; bits++) {
            assertThat(SparseBlock.place(SparseBlock.place((short) bits))).isEqualTo((short) bits);
        }
    }

    private static void put(byte[] block, int element, int width, int bits) {
        for (int i = 0; i < width; i++) {
            block[element * width + i] = (byte) (bits >> (8 * i));
        }
    }

    private static int get(byte[] block, int element, int width) {
        int bits = 0;
        for (int i = 0; i < width; i++) {
            bits |= (block[element * width + i] & 0xFF) << (8 * i);
        }
        return bits;
    }
}
