package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class NativeAllocatorTest {
    private static final int PIECE = 60 << 10; // bytes: too little to be mapped on its own
    private static final int PIECES = 4000;
    private static final int KEPT = 100; // every so many, so that no free range is at an end
    private static final long PAGE = 4096;

    @Test
    void freedMemoryBetweenKeptOnesIsGivenBack() throws IOException {
        var kept = new ArrayList<Arena>();
        var freed = new ArrayList<Arena>();
        try {
            for (int i = 0; i < PIECES; i++) {
                Arena arena = Arena.ofConfined();
                (i % KEPT == 0 ? kept : freed).add(arena);
                arena.allocate(PIECE).fill((byte) 1);
            }
        } finally {
            freed.forEach(Arena::close);
        }
        long before = residentBytes();
        NativeAllocator.trim();
        assertThat(before - residentBytes()).isGreaterThan((long) PIECE * PIECES / 2);
        kept.forEach(Arena::close);
    }

    private static long residentBytes() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1]) * PAGE;
    }
}
