package io.railhead.learner.objective;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What the loss knows of one continuation apart from the target policy. All arrays are `[tokens]` and never
/// written to.
///
/// @param proximal log-probabilities of the policy that the ratio is taken to, recomputed before the step; null
///     where the behaviour policy is taken for it
/// @param behaviour log-probabilities at sampling, each under the version that sampled the token
/// @param reference log-probabilities of the reference policy, or null where no KL is asked for
/// @param lossMask which tokens count in the loss
/// @param staleness version trained from minus the version that sampled the token
/// @param leftOut tokens that count, but that the minibatch's second moment is too large with
/// @param strata parts of the batch that the continuation belongs to, for measuring
@SuppressWarnings("ArrayRecordComponent") // lives for one train step, never in a message
public record SequenceTarget(
        double advantage,
        float @Nullable [] proximal,
        float[] behaviour,
        float @Nullable [] reference,
        boolean[] lossMask,
        int[] staleness,
        boolean[] leftOut,
        Set<Stratum> strata) {
    // Written out: NullAway does not see @Nullable on array components of a compact constructor.
    public SequenceTarget(
            double advantage,
            float @Nullable [] proximal,
            float[] behaviour,
            float @Nullable [] reference,
            boolean[] lossMask,
            int[] staleness,
            boolean[] leftOut,
            Set<Stratum> strata) {
        requireLength("proximal", proximal, lossMask.length);
        requireLength("behaviour", behaviour, lossMask.length);
        requireLength("reference", reference, lossMask.length);
        if (staleness.length != lossMask.length || leftOut.length != lossMask.length) {
            throw new IllegalArgumentException("%d tokens with %d of staleness and %d left out"
                    .formatted(lossMask.length, staleness.length, leftOut.length));
        }
        this.advantage = advantage;
        this.proximal = proximal;
        this.behaviour = behaviour;
        this.reference = reference;
        this.lossMask = lossMask;
        this.staleness = staleness;
        this.leftOut = leftOut;
        this.strata = Set.copyOf(strata);
    }

    /// Of fresh tokens.
    public SequenceTarget(
            double advantage,
            float @Nullable [] proximal,
            float[] behaviour,
            float @Nullable [] reference,
            boolean[] lossMask) {
        this(
                advantage,
                proximal,
                behaviour,
                reference,
                lossMask,
                new int[lossMask.length],
                new boolean[lossMask.length],
                Set.of());
    }

    SequenceTarget withLeftOut(boolean[] tokens) {
        return new SequenceTarget(advantage, proximal, behaviour, reference, lossMask, staleness, tokens, strata);
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

    /// The tokens that count as they are before anything has changed: under the proximal policy.
    CountedTokens beforeTheStep() {
        int[] places = IntStream.range(0, size())
                .filter(t -> lossMask[t] && finiteAt(t))
                .toArray();
        double[] before = Arrays.stream(places).mapToDouble(this::proximalAt).toArray();
        return new CountedTokens(
                advantage,
                before,
                before,
                Arrays.stream(places).mapToDouble(t -> behaviour[t]).toArray(),
                Arrays.stream(places).map(t -> staleness[t]).toArray());
    }

    private static void requireLength(String name, float @Nullable [] values, int size) {
        if (values != null && values.length != size) {
            throw new IllegalArgumentException(
                    values.length + " " + name + " log-probabilities for " + size + " tokens");
        }
    }
}
