package io.railhead.transit;

import java.util.Random;

/// Seeds from seeds. `java.util.Random` is used everywhere because its sequence is part of its specification, so the
/// same seed gives the same map on each machine and Java version; neighbouring seeds must be mixed first, as its first
/// draws hardly differ for them.
public final class Seeds {
    private Seeds() {}

    /// An independent-looking seed for the `index`-th thing below `seed` (the SplitMix64 finaliser).
    public static long derive(long seed, long index) {
        long z = seed + (index + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    public static Random random(long seed) {
        return new Random(derive(seed, 0));
    }
}
