package io.railhead.learner;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.learner.objective.Advantages;
import io.railhead.policy.PolicyVersion;
import java.util.Comparator;
import java.util.List;

/// The whole group of one lease: every sample of it, in the order of sample indices 0, 1, 2...
///
/// All samples have the same prompt tokens, and each has a response.
public record Group(LeaseId lease, List<ScoredRollout> samples) {
    public Group {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException(lease + " has no sample");
        }
        for (int i = 0; i < samples.size(); i++) {
            ScoredRollout sample = samples.get(i);
            if (!sample.rollout().lease().equals(lease) || sample.rollout().sampleIndex() != i) {
                throw new IllegalArgumentException("sample %d of %s in place %d of %s"
                        .formatted(
                                sample.rollout().sampleIndex(), sample.rollout().lease(), i, lease));
            }
            if (sample.rollout().response().size() == 0) {
                throw new IllegalArgumentException("sample " + i + " of " + lease + " has an empty response");
            }
            if (!sample.rollout()
                    .promptTokens()
                    .equals(samples.getFirst().rollout().promptTokens())) {
                throw new IllegalArgumentException(
                        "sample " + i + " of " + lease + " has other prompt tokens than sample 0");
            }
        }
    }

    public double[] rewards() {
        return samples.stream().mapToDouble(s -> s.score().reward()).toArray();
    }

    /// The version of the oldest token of all samples.
    public PolicyVersion oldest() {
        return samples.stream()
                .map(s -> s.rollout().response().oldestVersion())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /// All rewards are equal, so that every advantage is 0.
    public boolean zeroVariance() {
        return !Advantages.varied(rewards());
    }

    /// Share of correct responses, 0 to 1.
    public double correctShare() {
        return samples.stream()
                .mapToInt(s -> s.score().correct() ? 1 : 0)
                .average()
                .orElseThrow();
    }
}
