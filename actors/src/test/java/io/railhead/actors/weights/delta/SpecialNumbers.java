package io.railhead.actors.weights.delta;

import java.util.Random;

/// Bits of numbers that go wrong first: zeros, infinities, NaN with and without payload, denormals, the largest.
final class SpecialNumbers {
    private static final int[] HALVES = {
        0x0000, 0x8000, 0x0001, 0x8001, 0x007F, 0x0080, 0x7F7F, 0xFF7F, 0x7F80, 0xFF80, 0x7FC0, 0xFFC1, 0x7FFF, 0xFFFF
    };

    private SpecialNumbers() {}

    /// Every other one is special; the lower half of a wide special one is any.
    static int draw(Random random, int width) {
        if (random.nextBoolean()) {
            return random.nextInt();
        }
        int half = HALVES[random.nextInt(HALVES.length)];
        return width == Short.BYTES ? half : (half << 16) | (random.nextBoolean() ? 0 : random.nextInt(1 << 16));
    }
}
