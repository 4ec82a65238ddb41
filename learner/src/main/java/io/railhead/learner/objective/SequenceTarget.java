package io.railhead.learner.objective;

import org.jspecify.annotations.Nullable;

/// What the loss knows of one continuation apart from the target policy. All arrays are `[tokens]` and never
/// written to.
///
/// @param proximal log-probabilities of the policy that the ratio is taken to, recomputed before the step; null
///     where the behaviour policy is taken for it
/// @param behaviour log-probabilities at sampling, each under the version that sampled the token
/// @param reference log-probabilities of the reference policy, or null where no KL is asked for
/// @param lossMask which tokens count in the loss
@SuppressWarnings("ArrayRecordComponent") // lives for one train step, never in a message
public record SequenceTarget(
        double advantage,
        float @Nullable [] proximal,
        float[] behaviour,
        float @Nullable [] reference,
        boolean[] lossMask) {
    // Written out: NullAway does not see @Nullable on array components of a compact constructor.
    public SequenceTarget(
            double advantage,
            float @Nullable [] proximal,
            float[] behaviour,
            float @Nullable [] reference,
            boolean[] lossMask) {
        requireLength("proximal", proximal, lossMask.length);
        requireLength("behaviour", behaviour, lossMask.length);
        requireLength("reference", reference, lossMask.length);
        this.advantage = advantage;
        this.proximal = proximal;
        this.behaviour = behaviour;
        this.reference = reference;
        this.lossMask = lossMask;
    }

    public int size() {
        return lossMask.length;
    }

    /// Number of tokens that count in the loss.
    public int maskedIn() {
        int count = 0;
        for (boolean in : lossMask) {
            count += in ? 1 : 0;
        }
        return count;
    }

    double proximalAt(int token) {
        return proximal == null ? behaviour[token] : proximal[token];
    }

    boolean finiteAt(int token) {
        return Double.isFinite(proximalAt(token) + behaviour[token] + (reference == null ? 0 : reference[token]));
    }

    private static void requireLength(String name, float @Nullable [] values, int size) {
        if (values != null && values.length != size) {
            throw new IllegalArgumentException(
                    values.length + " " + name + " log-probabilities for " + size + " tokens");
        }
    }
}
