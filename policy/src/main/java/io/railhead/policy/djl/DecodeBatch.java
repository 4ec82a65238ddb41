package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The running sequences as one decode step takes them, in runs of equally many cache blocks.
///
/// The blocks of a sequence are rounded up, so that there are few runs; how far depends on nothing but its own length.
/// So its bits do not depend on its neighbours, as they would if all were padded to the longest.
final class DecodeBatch {
    private final List<Sequence> sequences; // the shortest first
    private final IntList rows = new IntList(); // [runs]
    private final IntList blocks = new IntList(); // [runs]

    DecodeBatch(List<Sequence> running) {
        this.sequences = new ArrayList<>(running);
        this.sequences.sort(Comparator.comparingInt(Sequence::cachedTokens));
        int inRun = 0;
        for (int i = 0; i < sequences.size(); i++) {
            inRun++;
            int padded = paddedBlocks(sequences.get(i));
            if (i + 1 == sequences.size() || paddedBlocks(sequences.get(i + 1)) != padded) {
                rows.add(inRun);
                blocks.add(padded);
                inRun = 0;
            }
        }
    }

    /// Rows of the results belong to these.
    List<Sequence> sequences() {
        return sequences;
    }

    int[] rows() {
        return rows.toArray();
    }

    int[] blocks() {
        return blocks.toArray();
    }

    /// Token ids, rotary positions, places in the cache and tokens before, `[4][sequences]`.
    NDArray now(TensorScope scope) {
        int count = sequences.size();
        long[] now = new long[4 * count];
        for (int i = 0; i < count; i++) {
            Sequence sequence = sequences.get(i);
            int before = sequence.cachedTokens();
            now[i] = sequence.lastToken();
            now[count + i] = sequence.lastPosition();
            now[2 * count + i] = sequence.place(before);
            now[3 * count + i] = before;
        }
        return scope.indices(now, 4, count);
    }

    /// The blocks of each sequence, padded with its first.
    NDArray table(TensorScope scope) {
        IntList table = new IntList();
        for (Sequence sequence : sequences) {
            int held = KvCache.blocksFor(sequence.cachedTokens() + 1);
            int padded = paddedBlocks(sequence);
            for (int i = 0; i < padded; i++) {
                table.add(sequence.blocks()[i < held ? i : 0]);
            }
        }
        return scope.indices(table.toArray());
    }

    /// Up to 64 tokens or an eighth more than there are.
    private static int paddedBlocks(Sequence sequence) {
        int held = KvCache.blocksFor(sequence.cachedTokens() + 1);
        int unit = Math.max(4, Integer.highestOneBit(held) / 8);
        return Math.ceilDiv(held, unit) * unit;
    }
}
