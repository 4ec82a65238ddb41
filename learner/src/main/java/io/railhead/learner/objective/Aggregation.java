package io.railhead.learner.objective;

/// How the tokens' terms become one loss. Each is a weighted sum; a sequence without a counted token is in no
/// denominator.
///
/// `N` counted tokens and `S` counted sequences of the whole batch, `n` counted tokens of the token's own sequence.
public enum Aggregation {
    /// `1 / N`: every token alike ([DAPO](https://arxiv.org/abs/2503.14476)).
    TOKEN_MEAN,
    /// `1`.
    TOKEN_SUM,
    /// `1 / S`.
    SEQ_MEAN_TOKEN_SUM,
    /// `1 / (S n)`: every sequence alike ([GRPO](https://arxiv.org/abs/2402.03300)).
    SEQ_MEAN_TOKEN_MEAN,
    /// `1 / (S L)` with a constant length `L`, else the longest sequence
    /// ([Dr. GRPO](https://arxiv.org/abs/2503.20783)).
    SEQ_MEAN_TOKEN_SUM_NORM;

    /// The weight of each counted token of a sequence that has `counted` of them.
    ///
    /// @param constantLength `L`, or 0 for the longest sequence of the batch
    double tokenWeight(long counted, BatchShape batch, int constantLength) {
        return switch (this) {
            case TOKEN_MEAN -> 1.0 / batch.tokens();
            case TOKEN_SUM -> 1;
            case SEQ_MEAN_TOKEN_SUM -> 1.0 / batch.sequences();
            case SEQ_MEAN_TOKEN_MEAN -> 1.0 / (batch.sequences() * (double) counted);
            case SEQ_MEAN_TOKEN_SUM_NORM ->
                1.0 / (batch.sequences() * (double) (constantLength > 0 ? constantLength : batch.longest()));
        };
    }
}
