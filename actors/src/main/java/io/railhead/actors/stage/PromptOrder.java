package io.railhead.actors.stage;

import java.util.List;

/// The endless order in which a stage draws its prompts: epoch after epoch, each a permutation of its own.
///
/// `at(i)` is a function of the prompts' ids, the seed and `i` alone, in constant memory: a Feistel network permutes
/// the smallest domain of 2^(2h) numbers that holds all indices, and is applied again while the result is outside
/// ("cycle walking"). So a run resumes from a count, and the order in which the catalogue lists the prompts is
/// irrelevant.
public final class PromptOrder {
    private static final int ROUNDS = 6;

    private final List<String> ids;
    private final long seed;
    private final int halfBits;

    private PromptOrder(List<String> ids, long seed) {
        this.ids = ids;
        this.seed = seed;
        int bits = Math.max(2, 32 - Integer.numberOfLeadingZeros(ids.size() - 1));
        this.halfBits = (bits + 1) / 2;
    }

    /// @throws IllegalArgumentException if there is no prompt, or two have one id
    public static PromptOrder of(List<String> promptIds, long seed) {
        List<String> sorted = promptIds.stream().sorted().toList();
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("no prompt to draw");
        }
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).equals(sorted.get(i - 1))) {
                throw new IllegalArgumentException("two prompts have the id " + sorted.get(i));
            }
        }
        return new PromptOrder(sorted, seed);
    }

    public int size() {
        return ids.size();
    }

    /// The id of the `index`-th prompt drawn, from 0.
    public String at(long index) {
        long epoch = index / ids.size();
        int place = (int) (index % ids.size());
        do {
            place = permuted(place, epoch);
        } while (place >= ids.size());
        return ids.get(place);
    }

    private int permuted(int place, long epoch) {
        int mask = (1 << halfBits) - 1;
        int left = place >>> halfBits;
        int right = place & mask;
        for (int round = 0; round < ROUNDS; round++) {
            int mixed = (int) Mix.of(seed, epoch, (long) round << 32 | right) & mask;
            int next = left ^ mixed;
            left = right;
            right = next;
        }
        return left << halfBits | right;
    }
}
