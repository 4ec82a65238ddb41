package io.railhead.learner.trouble;

import java.util.Locale;

/// What can be wrong with the numbers of a train step. `docs/alerts.md` says what each means and what to do.
public enum TroubleKind {
    /// The loss of a microbatch is not finite.
    NOT_FINITE_LOSS,

    /// The norm of an optimiser step's gradient is not finite. No optimiser takes such a gradient.
    NOT_FINITE_GRADIENT,

    /// Tokens have a log-probability or entropy that is not finite; the loss leaves these tokens out.
    NOT_FINITE_SCORES,

    /// A token's importance ratio is above a limit.
    EXPLODING_RATIO,

    /// So large a share of the batch's groups have equal rewards that there is little to learn from.
    ZERO_VARIANCE,

    /// The batch's mean reward is far from that of the steps before, in their standard deviations.
    REWARD_DRIFT;

    /// As in settings, metrics, files and documents.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
