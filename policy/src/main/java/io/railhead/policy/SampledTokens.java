package io.railhead.policy;

import java.util.Arrays;
import java.util.Objects;

/// The tokens that a policy sampled, and for each of them what the loss needs to know of its sampling.
///
/// Parallel sequences of one length: token id, log-probability under the distribution that was really sampled
/// (after temperature and truncation), its raw log-probability (temperature 1, nothing truncated) where the
/// sampler reports it, and the version of the policy that produced it. The end token is part of the sequence when
/// the policy sampled it. Immutable.
public final class SampledTokens {
    public static final SampledTokens EMPTY =
            new SampledTokens(TokenIds.EMPTY, new float[0], new float[0], new long[0]);

    private final TokenIds ids;
    private final float[] behaviourLogProbs; // [tokens], <= 0
    private final float[] rawLogProbs; // [tokens], <= 0, or empty
    private final long[] behaviourVersions; // [tokens], never decreasing

    private SampledTokens(TokenIds ids, float[] behaviourLogProbs, float[] rawLogProbs, long[] behaviourVersions) {
        this.ids = ids;
        this.behaviourLogProbs = behaviourLogProbs;
        this.rawLogProbs = rawLogProbs;
        this.behaviourVersions = behaviourVersions;
    }

    /// Without raw log-probabilities.
    ///
    /// @throws IllegalArgumentException if lengths differ, a log-probability is above 0 or a version goes back
    public static SampledTokens of(TokenIds ids, float[] behaviourLogProbs, long[] behaviourVersions) {
        return of(ids, behaviourLogProbs, new float[0], behaviourVersions);
    }

    /// @param rawLogProbs one a token, or none
    /// @throws IllegalArgumentException if lengths differ, a log-probability is above 0 or a version goes back
    public static SampledTokens of(
            TokenIds ids, float[] behaviourLogProbs, float[] rawLogProbs, long[] behaviourVersions) {
        boolean raw = rawLogProbs.length == ids.size() || rawLogProbs.length == 0;
        if (behaviourLogProbs.length != ids.size() || !raw || behaviourVersions.length != ids.size()) {
            throw new IllegalArgumentException("%d tokens with %d log-probabilities, %d raw ones and %d versions"
                    .formatted(ids.size(), behaviourLogProbs.length, rawLogProbs.length, behaviourVersions.length));
        }
        requireLogProbs(behaviourLogProbs);
        requireLogProbs(rawLogProbs);
        for (int i = 0; i < ids.size(); i++) {
            if (behaviourVersions[i] < 0 || (i > 0 && behaviourVersions[i] < behaviourVersions[i - 1])) {
                throw new IllegalArgumentException(
                        "versions go back at token " + i + ": " + Arrays.toString(behaviourVersions));
            }
        }
        return new SampledTokens(ids, behaviourLogProbs.clone(), rawLogProbs.clone(), behaviourVersions.clone());
    }

    private static void requireLogProbs(float[] logProbs) {
        for (int i = 0; i < logProbs.length; i++) {
            if (!(logProbs[i] <= 0)) {
                throw new IllegalArgumentException(
                        "log-probability " + logProbs[i] + " at token " + i + " is not at most 0");
            }
        }
    }

    public int size() {
        return ids.size();
    }

    public TokenIds ids() {
        return ids;
    }

    public float behaviourLogProb(int index) {
        return behaviourLogProbs[index];
    }

    public float[] behaviourLogProbs() {
        return behaviourLogProbs.clone();
    }

    /// Log-probabilities at temperature 1 without truncation, one a token; none if the sampler does not report them.
    public float[] rawLogProbs() {
        return rawLogProbs.clone();
    }

    public PolicyVersion behaviourVersion(int index) {
        return new PolicyVersion(behaviourVersions[index]);
    }

    public long[] behaviourVersions() {
        return behaviourVersions.clone();
    }

    /// The version of the first token, which is the oldest.
    ///
    /// @throws IllegalStateException if there is no token
    public PolicyVersion oldestVersion() {
        if (ids.size() == 0) {
            throw new IllegalStateException("no token, so no version");
        }
        return new PolicyVersion(behaviourVersions[0]);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SampledTokens that
                && ids.equals(that.ids)
                && Arrays.equals(behaviourLogProbs, that.behaviourLogProbs)
                && Arrays.equals(rawLogProbs, that.rawLogProbs)
                && Arrays.equals(behaviourVersions, that.behaviourVersions);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                ids,
                Arrays.hashCode(behaviourLogProbs),
                Arrays.hashCode(rawLogProbs),
                Arrays.hashCode(behaviourVersions));
    }

    @Override
    public String toString() {
        return "SampledTokens[" + ids + ", versions " + Arrays.toString(behaviourVersions) + "]";
    }
}
