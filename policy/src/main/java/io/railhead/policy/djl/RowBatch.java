package io.railhead.policy.djl;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.PatchGrid;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TrainingRow;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Training rows laid out as one padded batch: what stands where, what each place sees, and which places predict what.
///
/// A row is its prefix and then its continuations end to end, each without its last token, which predicts nothing.
///
/// @param mask `[rows][time][time]`, 0 where attention may go, else -inf; empty if it is simply causal
/// @param predictors places whose logits are needed: one a continuation token, in order
/// @param targets the token that each predictor should predict
/// @param lengths tokens of each continuation, in order
@SuppressWarnings("ArrayRecordComponent") // lives for one microbatch
record RowBatch(TokenLayout tokens, float[] mask, int[] predictors, int[] targets, int[] lengths) {

    /// @param patches called once a picture
    /// @throws io.railhead.policy.PromptRejectedException if a row's placeholders and pictures do not match
    static RowBatch of(List<TrainingRow> rows, PolicyConfig config, Function<EncodedImage, PatchGrid> patches) {
        return new Builder(rows, config).build(patches);
    }

    /// One sequence in which every place but the last predicts the token behind it.
    static RowBatch ofWhole(TokenIds sequence, PolicyConfig config, List<PatchGrid> pictures) {
        if (sequence.size() < 2) {
            throw new IllegalArgumentException("a sequence of " + sequence.size() + " tokens predicts nothing");
        }
        TokenLayout tokens = new TokenLayout(config, 1, sequence.size());
        tokens.putPrompt(0, sequence, pictures);
        int predicted = sequence.size() - 1;
        int[] targets = sequence.stream().skip(1).toArray();
        return new RowBatch(
                tokens, new float[0], IntStream.range(0, predicted).toArray(), targets, new int[] {predicted});
    }

    private static final class Builder {
        private final List<TrainingRow> rows;
        private final int time;
        private final TokenLayout tokens;
        private final float[] mask;
        private final IntList predictors = new IntList();
        private final IntList targets = new IntList();
        private final IntList lengths = new IntList();

        Builder(List<TrainingRow> rows, PolicyConfig config) {
            if (rows.isEmpty()) {
                throw new IllegalArgumentException("no training row");
            }
            this.rows = rows;
            this.time = rows.stream().mapToInt(Builder::places).max().orElseThrow();
            this.tokens = new TokenLayout(config, rows.size(), time);
            boolean causal = rows.stream().allMatch(row -> row.continuations().size() == 1);
            this.mask = new float[causal ? 0 : Math.multiplyExact(rows.size() * time, time)];
            Arrays.fill(mask, Float.NEGATIVE_INFINITY);
        }

        private static int places(TrainingRow row) {
            return row.prefix().size()
                    + row.continuations().stream()
                            .mapToInt(continuation -> continuation.size() - 1)
                            .sum();
        }

        RowBatch build(Function<EncodedImage, PatchGrid> patches) {
            Map<EncodedImage, PatchGrid> grids = new HashMap<>();
            for (int row = 0; row < rows.size(); row++) {
                TrainingRow content = rows.get(row);
                List<PatchGrid> pictures = content.images().stream()
                        .map(image -> grids.computeIfAbsent(image, patches))
                        .toList();
                add(row, content, tokens.putPrompt(row, content.prefix(), pictures));
            }
            return new RowBatch(tokens, mask, predictors.toArray(), targets.toArray(), lengths.toArray());
        }

        private void add(int row, TrainingRow content, int nextPosition) {
            int prefix = content.prefix().size();
            for (int i = 0; i < prefix; i++) {
                show(row, i, 0, i + 1);
            }
            int place = prefix;
            for (TokenIds continuation : content.continuations()) {
                addContinuation(row, prefix, place, continuation, nextPosition);
                place += continuation.size() - 1;
            }
            for (int padding = place; padding < time; padding++) {
                show(row, padding, padding, padding + 1); // itself, because a softmax over nothing is no number
            }
        }

        private void addContinuation(int row, int prefix, int first, TokenIds continuation, int position) {
            int predictor = row * time + prefix - 1;
            for (int i = 0; i < continuation.size(); i++) {
                predictors.add(predictor);
                targets.add(continuation.get(i));
                if (i < continuation.size() - 1) {
                    predictor = row * time + first + i;
                    tokens.putText(predictor, continuation.get(i), position + i);
                    show(row, first + i, 0, prefix);
                    show(row, first + i, first, first + i + 1);
                }
            }
            lengths.add(continuation.size());
        }

        /// Lets place `from` of a row see the places `[first, end)`.
        private void show(int row, int from, int first, int end) {
            if (mask.length > 0) {
                int line = (row * time + from) * time;
                Arrays.fill(mask, line + first, line + end, 0);
            }
        }
    }
}
