package io.railhead.learner.objective;

/// Soft overlong punishment ([DAPO](https://arxiv.org/abs/2503.14476)): a response of `len` tokens loses up to
/// `factor` of its reward as it comes within `buffer` tokens of `limit`, `R + min(0, -(len - (limit - buffer)) /
/// buffer * factor)`.
///
/// @param limit the longest response in tokens; 0 = no penalty
/// @param buffer tokens before the limit in which the penalty grows, up to `limit`
public record OverlongPenalty(int limit, int buffer, double factor) {
    public static final OverlongPenalty NONE = new OverlongPenalty(0, 0, 0);

    public OverlongPenalty {
        if (limit < 0 || factor < 0 || (limit > 0 && (buffer < 1 || buffer > limit))) {
            throw new IllegalArgumentException(
                    "an overlong buffer of %d before a limit of %d, factor %s".formatted(buffer, limit, factor));
        }
    }

    public double shaped(double reward, int tokens) {
        if (limit == 0) {
            return reward;
        }
        int beyond = tokens - (limit - buffer);
        return reward + Math.min(0, -(double) beyond / buffer * factor);
    }
}
