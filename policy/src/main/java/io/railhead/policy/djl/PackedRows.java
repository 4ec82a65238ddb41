package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The rows of a batch as the operators take them.
///
/// No array has an element for every pair of tokens of a row: a mask has `longest * (prefix + longest)` elements, and
/// rows
/// of equal shape share theirs.
///
/// @param shapes prefix, continuations and longest continuation of each row, end to end
/// @param masks `[longest][prefix + longest]` of each row, empty where there is no continuation
/// @param pad the token at each place if all continuations of a row were as long as its longest; empty if they are
/// @param unpad the place of each token among those, or empty
@SuppressWarnings("ArrayRecordComponent") // lives for one microbatch
record PackedRows(int[] shapes, NDArray[] masks, NDArray pad, NDArray unpad) {

    /// @param continuations tokens of each continuation of the rows that have some
    static PackedRows of(TensorScope scope, List<RowShape> rows, int[] continuations) {
        int[] shapes = rows.stream()
                .flatMapToInt(row -> Arrays.stream(new int[] {row.prefix(), row.continuations(), row.longest()}))
                .toArray();
        Map<RowShape, NDArray> masks = new HashMap<>();
        NDArray[] masksOfRows = rows.stream()
                .map(row -> masks.computeIfAbsent(
                        new RowShape(row.prefix(), Math.min(row.continuations(), 1), row.longest()),
                        shape -> mask(scope, shape)))
                .toArray(NDArray[]::new);
        IntList pad = new IntList();
        IntList unpad = new IntList();
        boolean ragged = pad(rows, continuations, pad, unpad);
        return new PackedRows(
                shapes,
                masksOfRows,
                ragged ? scope.indices(pad.toArray()) : scope.none(),
                ragged ? scope.indices(unpad.toArray()) : scope.none());
    }

    private static NDArray mask(TensorScope scope, RowShape row) {
        int width = row.prefix() + row.longest();
        float[] mask = new float[row.longest() * (row.longest() == 0 ? 0 : width)];
        for (int i = 0; i < row.longest(); i++) {
            Arrays.fill(mask, i * width + row.prefix() + i + 1, (i + 1) * width, Float.NEGATIVE_INFINITY);
        }
        return row.longest() == 0 ? scope.none() : scope.floats(mask, row.longest(), width);
    }

    /// @return whether any continuation is shorter than its row's longest
    private static boolean pad(List<RowShape> rows, int[] continuations, IntList pad, IntList unpad) {
        int token = 0;
        int next = 0;
        for (RowShape row : rows) {
            token = run(token, row.prefix(), row.prefix(), pad, unpad);
            for (int i = 0; i < row.continuations(); i++) {
                token = run(token, continuations[next++], row.longest(), pad, unpad);
            }
        }
        return pad.size() > unpad.size();
    }

    /// `places` places, of which the first take the next `tokens` tokens. Returns the token after them.
    private static int run(int firstToken, int tokens, int places, IntList pad, IntList unpad) {
        for (int i = 0; i < places; i++) {
            if (i < tokens) {
                unpad.add(pad.size());
            }
            pad.add(i < tokens ? firstToken + i : 0);
        }
        return firstToken + tokens;
    }
}
