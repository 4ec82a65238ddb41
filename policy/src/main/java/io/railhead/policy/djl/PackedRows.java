package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The rows of a batch as the operators take them.
///
/// No array has an element for every pair of tokens of a long row: a mask has `longest * (prefix + longest)` elements,
/// and rows of equal shape share theirs. If all rows are short, that is a few hundred tokens of continuations, each
/// has a mask for all its continuations, which are then neither padded nor copied.
///
/// @param isShort decides which operators take the rows, `row_attention` or `short_attention`
/// @param shapes prefix, continuations and longest continuation of each row, end to end; of short rows prefix and
///     tokens of all continuations
/// @param masks `[longest][prefix + longest]` of each row, or `[tokens][prefix + tokens]` of a short one, empty where
///     there is no continuation
/// @param pad the token at each place if all continuations of a row were as long as its longest; empty if they are
/// @param unpad the place of each token among those, or empty
@SuppressWarnings("ArrayRecordComponent") // lives for one microbatch
record PackedRows(boolean isShort, int[] shapes, NDArray[] masks, NDArray pad, NDArray unpad) {
    private static final int SHORT = 512; // tokens

    /// @param continuations tokens of each continuation of the rows that have some
    static PackedRows of(TensorScope scope, List<RowShape> rows, int[] continuations) {
        return of(scope, rows, continuations, scope.onCpu() ? SHORT : -1);
    }

    /// @param most tokens of all continuations of a row, beyond which rows are not short
    static PackedRows of(TensorScope scope, List<RowShape> rows, int[] continuations, int most) {
        int[] shapes = new int[2 * rows.size()];
        NDArray[] masks = new NDArray[rows.size()];
        boolean isShort = true;
        int next = 0;
        for (int i = 0; i < masks.length; i++) {
            RowShape row = rows.get(i);
            int[] lengths = Arrays.copyOfRange(continuations, next, next += row.continuations());
            shapes[2 * i] = row.prefix();
            shapes[2 * i + 1] = Arrays.stream(lengths).sum();
            isShort &= shapes[2 * i + 1] <= most;
            if (isShort) {
                masks[i] = mask(scope, row.prefix(), lengths, shapes[2 * i + 1]);
            }
        }
        return isShort
                ? new PackedRows(true, shapes, masks, scope.none(), scope.none())
                : ofLong(scope, rows, continuations);
    }

    private static NDArray mask(TensorScope scope, int prefix, int[] lengths, int tokens) {
        int width = prefix + tokens;
        float[] mask = new float[tokens * width];
        int start = 0; // of the continuation
        for (int length : lengths) {
            for (int i = start; i < start + length; i++) {
                Arrays.fill(mask, i * width + prefix, i * width + prefix + start, Float.NEGATIVE_INFINITY);
                Arrays.fill(mask, i * width + prefix + i + 1, (i + 1) * width, Float.NEGATIVE_INFINITY);
            }
            start += length;
        }
        return tokens == 0 ? scope.none() : scope.floats(mask, tokens, width);
    }

    private static PackedRows ofLong(TensorScope scope, List<RowShape> rows, int[] continuations) {
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
                false,
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
