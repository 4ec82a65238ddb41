package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The running sequences as one decode step takes them.
///
/// The samples of a group attend together to the full blocks of their prompt, which are read once for all, and then
/// each to its own blocks, in runs of sequences with equally many. Own blocks are rounded up, so that there are few
/// runs; how far depends on nothing but the sequence. So its bits do not depend on its neighbours, as they would if all
/// were padded to the longest.
final class DecodeBatch {
    private final int leastSaved;
    private final List<Sequence> sequences; // those that share a prompt first
    private final SharedPrompts shared;
    private final IntList rows = new IntList(); // [runs]
    private final IntList blocks = new IntList(); // [runs]
    private final IntList table = new IntList();

    /// @param leastSaved prompts are read once for a group whose samples name at least so many of its blocks
    DecodeBatch(List<Sequence> running, int leastSaved) {
        this.leastSaved = leastSaved;
        this.sequences = new ArrayList<>(running);
        sequences.sort(Comparator.comparing((Sequence sequence) -> shared(sequence) == 0)
                .thenComparingInt(this::paddedBlocks));
        int inRun = 0;
        for (int i = 0; i < sequences.size(); i++) {
            Sequence sequence = sequences.get(i);
            addOwnBlocks(sequence);
            inRun++;
            if (i + 1 == sequences.size() || paddedBlocks(sequences.get(i + 1)) != paddedBlocks(sequence)) {
                rows.add(inRun);
                blocks.add(paddedBlocks(sequence));
                inRun = 0;
            }
        }
        this.shared = new SharedPrompts(
                sequences.stream().takeWhile(sequence -> shared(sequence) > 0).toList(), this::shared);
    }

    /// Rows of the results belong to these.
    List<Sequence> sequences() {
        return sequences;
    }

    SharedPrompts shared() {
        return shared;
    }

    int[] rows() {
        return rows.toArray();
    }

    int[] blocks() {
        return blocks.toArray();
    }

    NDArray table(TensorScope scope) {
        return scope.indices(table.toArray());
    }

    /// Token ids, rotary positions, places in the cache and tokens before in own blocks, `[4][sequences]`.
    NDArray now(TensorScope scope) {
        int count = sequences.size();
        long[] now = new long[4 * count];
        for (int i = 0; i < count; i++) {
            Sequence sequence = sequences.get(i);
            int before = sequence.cachedTokens();
            now[i] = sequence.lastToken();
            now[count + i] = sequence.lastPosition();
            now[2 * count + i] = sequence.place(before);
            now[3 * count + i] = before - (long) shared(sequence) * KvCache.BLOCK;
        }
        return scope.indices(now, 4, count);
    }

    /// Padded with the sequence's first block.
    private void addOwnBlocks(Sequence sequence) {
        int shared = shared(sequence);
        int own = ownBlocks(sequence);
        for (int i = 0; i < paddedBlocks(sequence); i++) {
            table.add(sequence.blocks()[i < own ? shared + i : 0]);
        }
    }

    /// Depends on the request alone, not on how many of its samples still run.
    private int shared(Sequence sequence) {
        int full = sequence.prompt().size() / KvCache.BLOCK;
        int samples = sequence.samples();
        return samples > 1 && samples * full >= leastSaved ? full : 0;
    }

    private int ownBlocks(Sequence sequence) {
        return KvCache.blocksFor(sequence.cachedTokens() + 1) - shared(sequence);
    }

    /// Up to 64 tokens or an eighth more than there are.
    private int paddedBlocks(Sequence sequence) {
        int own = ownBlocks(sequence);
        int unit = Math.max(4, Integer.highestOneBit(own) / 8);
        return Math.ceilDiv(own, unit) * unit;
    }
}
