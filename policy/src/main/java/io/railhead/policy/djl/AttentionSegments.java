package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;

/// Consecutive pieces of a token sequence within which attention stays, given by their lengths.
///
/// Pieces of one length need no index; ragged ones are laid out as rows of the longest length.
record AttentionSegments(int count, NDArray gather, NDArray scatter, NDArray mask) {

    static AttentionSegments of(TensorScope scope, int[] lengths) {
        int longest = Arrays.stream(lengths).max().orElseThrow();
        if (Arrays.stream(lengths).allMatch(length -> length == longest)) {
            return new AttentionSegments(lengths.length, scope.none(), scope.none(), scope.none());
        }
        int[] gather = new int[lengths.length * longest]; // padding reads token 0, and is masked
        int[] scatter = new int[Arrays.stream(lengths).sum()];
        float[] mask = new float[gather.length];
        Arrays.fill(mask, Float.NEGATIVE_INFINITY);
        int token = 0;
        for (int segment = 0; segment < lengths.length; segment++) {
            for (int i = 0; i < lengths[segment]; i++, token++) {
                int place = segment * longest + i;
                gather[place] = token;
                scatter[token] = place;
                mask[place] = 0;
            }
        }
        return new AttentionSegments(
                lengths.length,
                scope.indices(gather),
                scope.indices(scatter),
                scope.floats(mask, lengths.length, 1, 1, longest));
    }
}
