package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.ComputeType;
import io.railhead.policy.TextConfig;
import java.util.stream.Stream;

/// Keys and values of all layers in blocks of 16 tokens, `[blocks * 16][kv heads][head width]` a layer each.
///
/// Allocated once. A sequence names its blocks in order; the full blocks of a prompt serve all samples of its group.
/// A block that nobody holds is free; its contents are leftovers that nothing reads.
final class KvCache {
    static final int BLOCK = 16; // tokens; the operators know it too

    private final NDArray[] keys; // [layers]
    private final NDArray[] values;
    private final int[] holders; // [blocks]
    private final int[] free; // a stack
    private int freeCount;

    KvCache(TextConfig text, int blocks, ComputeType type, TensorScope owner) {
        int places = Math.multiplyExact(blocks, BLOCK);
        this.keys = new NDArray[text.layers()];
        this.values = new NDArray[text.layers()];
        for (int layer = 0; layer < text.layers(); layer++) {
            keys[layer] = zeros(text, places, type, owner);
            values[layer] = zeros(text, places, type, owner);
        }
        this.holders = new int[blocks];
        this.free = new int[blocks];
        for (int block = 0; block < blocks; block++) {
            free[block] = blocks - 1 - block; // low numbers first
        }
        this.freeCount = blocks;
    }

    private static NDArray zeros(TextConfig text, int places, ComputeType type, TensorScope owner) {
        return owner.call("cache", places, text.kvHeads(), text.headDim(), TensorMemory.number(type), owner.none());
    }

    static int blocksFor(int tokens) {
        return Math.ceilDiv(tokens, BLOCK);
    }

    NDArray[] keys() {
        return keys;
    }

    NDArray[] values() {
        return values;
    }

    int blocks() {
        return holders.length;
    }

    int freeBlocks() {
        return freeCount;
    }

    /// Takes free blocks.
    ///
    /// @throws IllegalStateException if there are too few
    int[] take(int count) {
        if (count > freeCount) {
            throw new IllegalStateException("%d cache blocks asked for, %d are free".formatted(count, freeCount));
        }
        int[] taken = new int[count];
        for (int i = 0; i < count; i++) {
            taken[i] = free[--freeCount];
            holders[taken[i]] = 1;
        }
        return taken;
    }

    /// Adds a holder to each block.
    void share(int[] blocks) {
        for (int block : blocks) {
            holders[block]++;
        }
    }

    /// Takes a holder from each block.
    void release(int[] blocks) {
        for (int block : blocks) {
            if (--holders[block] == 0) {
                free[freeCount++] = block;
            }
        }
    }

    /// Copies the contents of blocks over those of others, in all layers.
    void copy(TensorScope scope, int[] sources, int[] targets) {
        NDArray[] caches = Stream.of(keys, values).flatMap(Stream::of).toArray(NDArray[]::new);
        scope.run("copy_blocks", caches, scope.indices(sources), scope.indices(targets));
    }
}
