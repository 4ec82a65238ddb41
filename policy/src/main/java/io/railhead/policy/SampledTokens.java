package io.railhead.policy;

import java.util.Arrays;

/// The tokens that a policy sampled, and for each of them what the loss needs to know of its sampling.
///
/// Three parallel sequences of one length: token id, log-probability under the distribution that was really sampled
/// (after temperature and truncation), and the version of the policy that produced it. The end token is part of the
/// sequence when the policy sampled it. Immutable.
public final class SampledTokens {
    public static final SampledTokens EMPTY = new SampledTokens(TokenIds.EMPTY, new float[0], new long[0]);

    private final TokenIds ids;
    private final float[] behaviourLogProbs; // [tokens], <= 0
    private final long[] behaviourVersions; // [tokens], never decreasing

    private SampledTokens(TokenIds ids, float[] behaviourLogProbs, long[] behaviourVersions) {
        this.ids = ids;
        this.behaviourLogProbs = behaviourLogProbs;
        this.behaviourVersions = behaviourVersions;
    }

    /// @throws IllegalArgumentException if lengths differ, a log-probability is NaN or above 0, or a version goes back
    public static SampledTokens of(TokenIds ids, float[] behaviourLogProbs, long[] behaviourVersions) {
        if (behaviourLogProbs.length != ids.size() || behaviourVersions.length != ids.size()) {
            throw new IllegalArgumentException("%d tokens with %d log-probabilities and %d versions"
                    .formatted(ids.size(), behaviourLogProbs.length, behaviourVersions.length));
        }
        for (int i = 0; i < ids.size(); i++) {
            if (!(behaviourLogProbs[i] <= 0)) {
                throw new IllegalArgumentException(
                        "log-probability " + behaviourLogProbs[i] + " at token " + i + " is not at most 0");
            }
            if (behaviourVersions[i] < 0 || (i > 0 && behaviourVersions[i] < behaviourVersions[i - 1])) {
                throw new IllegalArgumentException(
                        "versions go back at token " + i + ": " + Arrays.toString(behaviourVersions));
            }
        }
        return new SampledTokens(ids, behaviourLogProbs.clone(), behaviourVersions.clone());
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
                && Arrays.equals(behaviourVersions, that.behaviourVersions);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * ids.hashCode() + Arrays.hashCode(behaviourLogProbs)) + Arrays.hashCode(behaviourVersions);
    }

    @Override
    public String toString() {
        return "SampledTokens[" + ids + ", versions " + Arrays.toString(behaviourVersions) + "]";
    }
}
