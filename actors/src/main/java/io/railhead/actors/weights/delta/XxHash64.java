package io.railhead.actors.weights.delta;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// XXH64 with seed 0, as its specification says: a checksum at the speed of memory, no defence against forgery.
///
/// https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
final class XxHash64 {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;
    private static final int STRIPE = 32; // bytes: four lanes of eight

    private XxHash64() {}

    static long of(byte[] bytes, int length) {
        int at = 0;
        long hash = PRIME_5;
        if (length >= STRIPE) {
            long a = 0x60EA27EEADC0B5D6L; // PRIME_1 + PRIME_2
            long b = PRIME_2;
            long c = 0;
            long d = -PRIME_1;
            for (; at <= length - STRIPE; at += STRIPE) {
                a = round(a, (long) LONG.get(bytes, at));
                b = round(b, (long) LONG.get(bytes, at + 8));
                c = round(c, (long) LONG.get(bytes, at + 16));
                d = round(d, (long) LONG.get(bytes, at + 24));
            }
            hash = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7) + Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
            hash = merge(merge(merge(merge(hash, a), b), c), d);
        }
        return avalanche(rest(hash + length, bytes, at, length));
    }

    private static long rest(long start, byte[] bytes, int from, int length) {
        long hash = start;
        int at = from;
        for (; at <= length - Long.BYTES; at += Long.BYTES) {
            hash = Long.rotateLeft(hash ^ round(0, (long) LONG.get(bytes, at)), 27) * PRIME_1 + PRIME_4;
        }
        if (at <= length - Integer.BYTES) {
            long lane = (int) INT.get(bytes, at) & 0xFFFF_FFFFL;
            hash = Long.rotateLeft(hash ^ (lane * PRIME_1), 23) * PRIME_2 + PRIME_3;
            at += Integer.BYTES;
        }
        for (; at < length; at++) {
            hash = Long.rotateLeft(hash ^ ((bytes[at] & 0xFF) * PRIME_5), 11) * PRIME_1;
        }
        return hash;
    }

    private static long round(long lane, long input) {
        return Long.rotateLeft(lane + input * PRIME_2, 31) * PRIME_1;
    }

    private static long merge(long hash, long lane) {
        return (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
    }

    private static long avalanche(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * PRIME_2;
        mixed = (mixed ^ (mixed >>> 29)) * PRIME_3;
        return mixed ^ (mixed >>> 32);
    }
}
