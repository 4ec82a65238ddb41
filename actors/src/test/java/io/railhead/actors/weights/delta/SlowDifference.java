package io.railhead.actors.weights.delta;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// The obvious twin of [SparseBlock]: places in big integers, one element at a time.
final class SlowDifference {
    private SlowDifference() {}

    static byte[] encode(byte[] before, byte[] after, int width) {
        List<Integer> changed = new ArrayList<>();
        for (int i = 0; i < before.length / width; i++) {
            if (!bits(before, i, width).equals(bits(after, i, width))) {
                changed.add(i);
            }
        }
        ByteArrayOutputStream gaps = new ByteArrayOutputStream();
        ByteArrayOutputStream steps = new ByteArrayOutputStream();
        int previous = -1;
        for (int i : changed) {
            varint(gaps, BigInteger.valueOf(i - previous - 1));
            previous = i;
            BigInteger modulus = BigInteger.ONE.shiftLeft(8 * width);
            BigInteger step = place(bits(after, i, width), width)
                    .subtract(place(bits(before, i, width), width))
                    .mod(modulus);
            if (step.testBit(8 * width - 1)) {
                step = step.subtract(modulus);
            }
            BigInteger zigzag = step.signum() >= 0
                    ? step.shiftLeft(1)
                    : step.negate().shiftLeft(1).subtract(BigInteger.ONE);
            varint(steps, zigzag);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(out, BigInteger.valueOf(changed.size()));
        varint(out, BigInteger.valueOf(gaps.size()));
        out.writeBytes(gaps.toByteArray());
        out.writeBytes(steps.toByteArray());
        return out.toByteArray();
    }

    /// Positive numbers keep their bits; below them, -0 first, come the negative ones by magnitude.
    static BigInteger place(BigInteger bits, int width) {
        int sign = 8 * width - 1;
        return bits.testBit(sign) ? bits.clearBit(sign).add(BigInteger.ONE).negate() : bits;
    }

    private static BigInteger bits(byte[] block, int element, int width) {
        byte[] bigEndian = new byte[width];
        for (int i = 0; i < width; i++) {
            bigEndian[width - 1 - i] = block[element * width + i];
        }
        return new BigInteger(1, bigEndian);
    }

    private static void varint(ByteArrayOutputStream out, BigInteger value) {
        BigInteger rest = value;
        while (rest.bitLength() > 7) {
            out.write((rest.intValue() & 0x7F) | 0x80);
            rest = rest.shiftRight(7);
        }
        out.write(rest.intValue());
    }
}
