package io.railhead.policy.djl;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.PatchGrid;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TrainingRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Training rows laid end to end without padding: what stands where, what each row attends to, and which places predict
/// what.
///
/// A row is its prefix and then its continuations, each without its last token, which predicts nothing. A row with one
/// continuation is one causal sequence.
///
/// @param rows in the order of the tokens
/// @param continuations tokens that each continuation of each row of several continuations has in the batch, in order
/// @param predictors places whose logits are needed: one a continuation token, in order
/// @param targets the token that each predictor should predict
/// @param lengths tokens of each continuation, in order
@SuppressWarnings("ArrayRecordComponent") // lives for one microbatch
record RowBatch(
        TokenLayout tokens, List<RowShape> rows, int[] continuations, int[] predictors, int[] targets, int[] lengths) {
    RowBatch {
        rows = List.copyOf(rows);
    }

    /// @param patches called once a picture
    /// @throws PromptRejectedException if a row's placeholders and pictures do not match, or a sequence has more
    ///     tokens than the model has positions
    static RowBatch of(List<TrainingRow> rows, PolicyConfig config, Function<EncodedImage, PatchGrid> patches) {
        return new Builder(rows, config).build(patches);
    }

    /// One sequence in which every place but the last predicts the token behind it.
    static RowBatch ofWhole(TokenIds sequence, PolicyConfig config, List<PatchGrid> pictures) {
        if (sequence.size() < 2) {
            throw new IllegalArgumentException("a sequence of " + sequence.size() + " tokens predicts nothing");
        }
        requirePositions(sequence.size(), config);
        TokenLayout tokens = new TokenLayout(config, sequence.size());
        tokens.putPrompt(0, sequence, pictures);
        int predicted = sequence.size() - 1;
        return new RowBatch(
                tokens,
                List.of(RowShape.causal(sequence.size())),
                new int[0],
                IntStream.range(0, predicted).toArray(),
                sequence.stream().skip(1).toArray(),
                new int[] {predicted});
    }

    private static void requirePositions(int tokens, PolicyConfig config) {
        int positions = config.text().maxPositions();
        if (tokens > positions) {
            throw new PromptRejectedException(
                    "a sequence of %d tokens is longer than max_position_embeddings = %d".formatted(tokens, positions));
        }
    }

    private static final class Builder {
        private final List<TrainingRow> rows;
        private final TokenLayout tokens;
        private final List<RowShape> shapes = new ArrayList<>();
        private final IntList continuations = new IntList();
        private final IntList predictors = new IntList();
        private final IntList targets = new IntList();
        private final IntList lengths = new IntList();
        private int place;

        Builder(List<TrainingRow> rows, PolicyConfig config) {
            if (rows.isEmpty()) {
                throw new IllegalArgumentException("no training row");
            }
            for (TrainingRow row : rows) {
                for (TokenIds continuation : row.continuations()) {
                    requirePositions(row.prefix().size() + continuation.size(), config);
                }
            }
            this.rows = rows;
            this.tokens = new TokenLayout(
                    config, rows.stream().mapToInt(Builder::places).reduce(0, Math::addExact));
        }

        private static int places(TrainingRow row) {
            return row.prefix().size()
                    + row.continuations().stream().mapToInt(Builder::places).sum();
        }

        private static int places(TokenIds continuation) {
            return continuation.size() - 1;
        }

        RowBatch build(Function<EncodedImage, PatchGrid> patches) {
            Map<EncodedImage, PatchGrid> grids = new HashMap<>();
            for (TrainingRow row : rows) {
                List<PatchGrid> pictures = row.images().stream()
                        .map(image -> grids.computeIfAbsent(image, patches))
                        .toList();
                add(row, tokens.putPrompt(place, row.prefix(), pictures));
            }
            return new RowBatch(
                    tokens,
                    shapes,
                    continuations.toArray(),
                    predictors.toArray(),
                    targets.toArray(),
                    lengths.toArray());
        }

        private void add(TrainingRow row, int nextPosition) {
            addShape(row);
            int lastOfPrefix = place + row.prefix().size() - 1;
            place = lastOfPrefix + 1;
            for (TokenIds continuation : row.continuations()) {
                addContinuation(continuation, lastOfPrefix, nextPosition);
            }
        }

        private void addShape(TrainingRow row) {
            int longest =
                    row.continuations().stream().mapToInt(Builder::places).max().orElseThrow();
            if (row.continuations().size() == 1 || longest == 0) {
                shapes.add(RowShape.causal(places(row)));
            } else {
                shapes.add(new RowShape(row.prefix().size(), row.continuations().size(), longest));
                row.continuations().forEach(continuation -> continuations.add(places(continuation)));
            }
        }

        private void addContinuation(TokenIds continuation, int lastOfPrefix, int position) {
            int predictor = lastOfPrefix;
            for (int i = 0; i < continuation.size(); i++) {
                predictors.add(predictor);
                targets.add(continuation.get(i));
                if (i < places(continuation)) {
                    tokens.putText(place, continuation.get(i), position + i);
                    predictor = place++;
                }
            }
            lengths.add(continuation.size());
        }
    }
}
