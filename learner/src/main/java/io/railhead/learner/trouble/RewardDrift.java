package io.railhead.learner.trouble;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The mean rewards of the latest train steps, and how far the next one is from them. Immutable.
///
/// It forgets with its process: a resumed run says nothing until it has seen enough steps again.
///
/// @param steps that are compared with
/// @param means of the latest steps, at most `steps`
public record RewardDrift(int steps, List<Double> means) {
    public RewardDrift {
        means = List.copyOf(means);
    }

    public static RewardDrift over(int steps) {
        return new RewardDrift(steps, List.of());
    }

    public RewardDrift plus(double mean) {
        List<Double> latest = new ArrayList<>(means);
        latest.add(mean);
        return new RewardDrift(steps, latest.subList(Math.max(0, latest.size() - steps), latest.size()));
    }

    /// How many standard deviations of the latest steps this is from their mean; empty before there are enough of
    /// them, and where they are all equal.
    public Optional<Double> deviations(double mean) {
        if (means.size() < steps) {
            return Optional.empty();
        }
        double center = means.stream().mapToDouble(m -> m).average().orElseThrow();
        double variance = means.stream()
                .mapToDouble(m -> (m - center) * (m - center))
                .average()
                .orElseThrow();
        return variance == 0 ? Optional.empty() : Optional.of((mean - center) / Math.sqrt(variance));
    }
}
