package io.railhead.app.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Makes damaged inputs of good ones: a few changes each, the kind and place of which the seed alone decides.
final class Mutations {
    private static final int[] TELLING = {
        0, 1, -1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, Integer.MAX_VALUE, Integer.MIN_VALUE
    };
    private static final String[] WORDS = {
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "-1",
        "1e999",
        "NaN",
        "99999999999999999999",
        "\\u0000",
        "true",
        "\n"
    };

    private Mutations() {}

    static byte[] of(List<byte[]> good, long seed) {
        Random random = new Random(seed);
        byte[] bytes = good.get(random.nextInt(good.size())).clone();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            bytes = changed(bytes, good, random);
        }
        return bytes;
    }

    private static byte[] changed(byte[] bytes, List<byte[]> good, Random random) {
        if (bytes.length == 0) {
            byte[] some = new byte[1 + random.nextInt(64)];
            random.nextBytes(some);
            return some;
        }
        int at = random.nextInt(bytes.length);
        int until = Math.min(bytes.length, at + 1 + random.nextInt(16));
        switch (random.nextInt(9)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> bytes[at] = (byte) TELLING[random.nextInt(TELLING.length)];
            case 3 -> number(bytes, at, TELLING[random.nextInt(TELLING.length)], random);
            case 4 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 5 -> {
                return joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, until, bytes.length));
            }
            case 6 -> {
                return joined(Arrays.copyOf(bytes, until), Arrays.copyOfRange(bytes, at, bytes.length));
            }
            case 7 -> {
                byte[] other = good.get(random.nextInt(good.size()));
                return joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(other, other.length / 2, other.length));
            }
            default -> {
                byte[] word = WORDS[random.nextInt(WORDS.length)].getBytes(java.nio.charset.StandardCharsets.UTF_8);
                return joined(joined(Arrays.copyOf(bytes, at), word), Arrays.copyOfRange(bytes, at, bytes.length));
            }
        }
        return bytes;
    }

    private static void number(byte[] bytes, int at, int value, Random random) {
        if (at + Integer.BYTES <= bytes.length) {
            ByteBuffer.wrap(bytes)
                    .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                    .putInt(at, value);
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
