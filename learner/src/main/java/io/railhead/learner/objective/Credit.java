package io.railhead.learner.objective;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// How rewards become advantages: shaped by length first, then held against the others.
///
/// @param componentWeights of the reward's components by name, for [Advantages#GDPO]; 1 for those that are not
///     named
public record Credit(Advantages advantage, Map<String, Double> componentWeights, OverlongPenalty overlong) {
    public Credit {
        componentWeights = Map.copyOf(componentWeights);
    }

    /// Of rewards as they stand.
    public static Credit of(Advantages advantage) {
        return new Credit(advantage, Map.of(), OverlongPenalty.NONE);
    }

    /// @param groups all groups of a train step
    /// @return the advantages of each group's responses, in the same order
    public List<double[]> of(List<RewardedGroup> groups) {
        return advantage.of(groups.stream().map(this::shaped).toList(), componentWeights);
    }

    private RewardedGroup shaped(RewardedGroup group) {
        return new RewardedGroup(
                IntStream.range(0, group.rewards().length)
                        .mapToDouble(i -> overlong.shaped(group.rewards()[i], group.tokens()[i]))
                        .toArray(),
                group.tokens(),
                group.components());
    }
}
