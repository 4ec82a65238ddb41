package io.railhead.policy.djl;

/// How one row of tokens attends: a causal prefix, and continuations that see the prefix and, causally, themselves.
///
/// @param prefix tokens, at least one
/// @param continuations how many there are; 0 for a plain causal sequence
/// @param longest tokens of the longest continuation
record RowShape(int prefix, int continuations, int longest) {
    RowShape {
        if (prefix < 1 || continuations < 0 || longest < 0 || (continuations == 0) != (longest == 0)) {
            throw new IllegalArgumentException(
                    "no row: %d tokens, %d continuations of %d".formatted(prefix, continuations, longest));
        }
    }

    static RowShape causal(int tokens) {
        return new RowShape(tokens, 0, 0);
    }
}
