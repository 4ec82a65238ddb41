package io.railhead.policy.djl;

import io.railhead.policy.ComputeType;
import io.railhead.policy.TextConfig;

/// What a generation engine reserves memory for.
///
/// @param slots the most sequences decoded at a time
/// @param cacheTokens tokens whose keys and values the cache holds, of all sequences together: what bounds its memory.
/// The full blocks of a prompt count once for its group; blocks have 16 tokens
/// @param prefillTokens the most prompt tokens computed between two tokens of running sequences
public record EngineLimits(int slots, int cacheTokens, int prefillTokens) {
    public EngineLimits {
        if (slots < 1 || cacheTokens < KvCache.BLOCK || prefillTokens < 1) {
            throw new IllegalArgumentException("slots %d, cache tokens %d, prefill tokens %d are too few"
                    .formatted(slots, cacheTokens, prefillTokens));
        }
    }

    /// The bytes of the cache, which are all that the number of sequences and their lengths can cost.
    public long cacheBytes(TextConfig text, ComputeType type) {
        long numbersPerToken = 2L * text.layers() * text.kvHeads() * text.headDim();
        return (long) cacheBlocks() * KvCache.BLOCK * numbersPerToken * type.bytes();
    }

    int cacheBlocks() {
        return cacheTokens / KvCache.BLOCK;
    }

    /// Cache for so many tokens in each slot.
    public static EngineLimits of(int slots, int slotTokens) {
        int blocks = Math.multiplyExact(slots, KvCache.blocksFor(slotTokens));
        return new EngineLimits(slots, blocks * KvCache.BLOCK, 4096);
    }
}
