package io.railhead.actors.stage;

/// The fixed mixing function behind every pseudo-random choice of the stage controller: SplitMix64's finaliser. The
/// same numbers give the same choice on every machine and in every release.
final class Mix {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Mix() {}

    static long of(long a, long b) {
        return finish(finish(a + GOLDEN) ^ (b * GOLDEN + GOLDEN));
    }

    static long of(long a, long b, long c) {
        return of(of(a, b), c);
    }

    /// In [0, 1), from the upper 53 bits.
    static double unit(long mixed) {
        return (mixed >>> 11) * 0x1.0p-53;
    }

    private static long finish(long z) {
        long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long y = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return y ^ (y >>> 31);
    }
}
