package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/// The groups whose samples read their prompt together in a decode step, those of one kind in one pass.
///
/// A group always computes as many samples as its request has, also when some have ended, and a sample always has
/// the same place among them: so its bits do not depend on which of its group are left.
final class SharedPrompts {
    private final IntList groups = new IntList(); // [kinds]
    private final IntList samples = new IntList(); // [kinds]
    private final IntList blocks = new IntList(); // [kinds]
    private final IntList table = new IntList(); // of blocks, group by group
    private final IntList slots =
            new IntList(); // the row of every sample of every group; that of another if it has ended
    private final int[] slot; // [rows] the place of each row's sequence among those

    private record Kind(int samples, int blocks) {}

    /// The rows of a group's samples, -1 for those that have ended.
    @SuppressWarnings("ArrayRecordComponent") // lives for one step
    private record Group(Sequence any, int[] rows) {
        static Group of(Sequence any) {
            int[] rows = new int[any.samples()];
            Arrays.fill(rows, -1);
            return new Group(any, rows);
        }
    }

    /// @param sequences in the order of their rows
    /// @param sharedBlocks full blocks of a sequence's prompt
    SharedPrompts(List<Sequence> sequences, ToIntFunction<Sequence> sharedBlocks) {
        Map<Kind, Map<PromptLayout, Group>> byKind = new LinkedHashMap<>();
        for (int row = 0; row < sequences.size(); row++) {
            Sequence sequence = sequences.get(row);
            Kind kind = new Kind(sequence.samples(), sharedBlocks.applyAsInt(sequence));
            byKind.computeIfAbsent(kind, _ -> new LinkedHashMap<>())
                    .computeIfAbsent(sequence.prompt(), _ -> Group.of(sequence))
                    .rows()[sequence.sample()] = row;
        }
        this.slot = new int[sequences.size()];
        byKind.forEach((kind, ofKind) -> {
            groups.add(ofKind.size());
            samples.add(kind.samples());
            blocks.add(kind.blocks());
            ofKind.values().forEach(group -> add(group, kind));
        });
    }

    private void add(Group group, Kind kind) {
        for (int i = 0; i < kind.blocks(); i++) {
            table.add(group.any().blocks()[i]);
        }
        for (int row : group.rows()) {
            if (row >= 0) {
                slot[row] = slots.size();
            }
            slots.add(Math.max(row, 0));
        }
    }

    int[] groups() {
        return groups.toArray();
    }

    int[] samples() {
        return samples.toArray();
    }

    int[] blocks() {
        return blocks.toArray();
    }

    NDArray table(TensorScope scope) {
        return scope.indices(table.toArray());
    }

    NDArray slots(TensorScope scope) {
        return scope.indices(slots.toArray());
    }

    NDArray slot(TensorScope scope) {
        return scope.indices(slot);
    }
}
