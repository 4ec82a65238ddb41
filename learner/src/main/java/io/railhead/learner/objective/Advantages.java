package io.railhead.learner.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// The advantage of each trajectory from the rewards of its group, and for the whitened ones of the whole batch.
///
/// Left to itself, a group of one has no baseline, and its advantage is its reward; a group of equal rewards has
/// advantage 0 exactly. For rewards (1, 0), `GRPO` gives (0.7071, -0.7071), `CENTRED` (0.5, -0.5) and `RLOO` (1,
/// -1).
///
/// Whitening comes after that, over all tokens of the batch, each with its response's advantage `A`:
/// `(A - mean) / sqrt(var + 1e-8)` with the unbiased variance. It mixes tasks of different scale, and moves the
/// advantage of a group of equal rewards off 0.
///
/// All of them are per response: rewards come at its end, so with discount 1 a token's return is the reward.
/// [GeneralizedAdvantage] and [VTrace] are for rewards and values of tokens.
public enum Advantages {
    /// `A_i = (R_i - mean) / (std + 1e-6)` with the unbiased standard deviation
    /// ([DeepSeekMath](https://arxiv.org/abs/2402.03300)).
    ///
    /// A factor that a whole group shares, such as RewardMap's difficulty weight, cancels out of it.
    GRPO {
        @Override
        double[] ofVaried(RewardedGroup group, double mean) {
            return standardised(group.rewards(), mean);
        }
    },
    /// `A_i = R_i - mean` ([Dr. GRPO](https://arxiv.org/abs/2503.20783)).
    ///
    /// The choice for RewardMap, whose printed formula it is ([paper](https://arxiv.org/abs/2510.02240)): it keeps
    /// the difficulty weight, so that hard maps and transfers count for more.
    CENTRED {
        @Override
        double[] ofVaried(RewardedGroup group, double mean) {
            return Arrays.stream(group.rewards()).map(r -> r - mean).toArray();
        }
    },
    /// `A_i = R_i - (mean of the others) = (R_i - mean) * n / (n - 1)`
    /// ([RLOO](https://arxiv.org/abs/2402.14740)).
    RLOO {
        @Override
        double[] ofVaried(RewardedGroup group, double mean) {
            double[] rewards = group.rewards();
            double scale = rewards.length / (rewards.length - 1.0);
            return Arrays.stream(rewards).map(r -> (r - mean) * scale).toArray();
        }
    },
    /// `A_i = R_i - sum(len_j R_j) / sum(len_j)`: the baseline of least variance if a response's gradient grows
    /// with its length ([OPO](https://arxiv.org/abs/2505.23585)).
    OPO {
        @Override
        double[] ofVaried(RewardedGroup group, double mean) {
            double weighted = 0;
            double tokens = 0;
            for (int i = 0; i < group.rewards().length; i++) {
                weighted += group.rewards()[i] * group.tokens()[i];
                tokens += group.tokens()[i];
            }
            double baseline = weighted / tokens;
            return Arrays.stream(group.rewards()).map(r -> r - baseline).toArray();
        }
    },
    /// `A_i = (R_i - mean) / mean`: hard prompts count as they do in maximum likelihood
    /// ([MaxRL](https://arxiv.org/abs/2602.02710)). For rewards that are not negative; a group whose mean is not
    /// positive has advantage 0.
    MAX_RL {
        @Override
        double[] ofVaried(RewardedGroup group, double mean) {
            return Arrays.stream(group.rewards())
                    .map(r -> mean > 0 ? (r - mean) / mean : 0)
                    .toArray();
        }
    },
    /// `A_i = R_i`, whitened ([REINFORCE++](https://arxiv.org/abs/2501.03262)), discount 1.
    REINFORCE_PLUS_PLUS(true) {
        @Override
        double[] ofVaried(RewardedGroup group, double mean) {
            return group.rewards().clone();
        }

        @Override
        boolean centres() {
            return false;
        }
    },
    /// `A_i = R_i - mean`, whitened: the form of [REINFORCE++](https://arxiv.org/abs/2501.03262) with a group's
    /// mean as baseline.
    REINFORCE_PLUS_PLUS_BASELINE(true) {
        @Override
        double[] ofVaried(RewardedGroup group, double mean) {
            return CENTRED.ofVaried(group, mean);
        }
    },
    /// Each component of the reward is standardised within the group by itself, as `GRPO` does with the sum; the
    /// weighted sum of them is whitened ([GDPO](https://arxiv.org/abs/2601.05242)). So a component of small range
    /// counts as much as a large one. What multiplies the whole reward, such as a difficulty weight, has no effect.
    GDPO(true) {
        @Override
        double[] withinGroup(RewardedGroup group, Map<String, Double> weights) {
            double[] sums = new double[group.rewards().length];
            TreeSet<String> names = new TreeSet<>();
            group.components().forEach(components -> names.addAll(components.keySet()));
            for (String name : names) {
                double[] values = group.components().stream()
                        .mapToDouble(components -> components.getOrDefault(name, 0.0))
                        .toArray();
                double weight = weights.getOrDefault(name, 1.0);
                double[] earned = GRPO.withinGroup(RewardedGroup.of(values), Map.of());
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += weight * earned[i];
                }
            }
            return sums;
        }

        @Override
        double[] ofVaried(RewardedGroup group, double mean) {
            throw new IllegalStateException("components are standardised one by one");
        }
    };

    private final boolean whitened;

    Advantages() {
        this(false);
    }

    Advantages(boolean whitened) {
        this.whitened = whitened;
    }

    /// @param groups all groups of a train step
    /// @param componentWeights of components by name, for [#GDPO]; 1 for those that are not named
    /// @return the advantages of each group's responses, in the same order
    public final List<double[]> of(List<RewardedGroup> groups, Map<String, Double> componentWeights) {
        List<double[]> advantages = new ArrayList<>();
        for (RewardedGroup group : groups) {
            advantages.add(withinGroup(group, componentWeights));
        }
        return whitened ? whitened(advantages, groups) : advantages;
    }

    /// Of a single group of responses of equal lengths.
    ///
    /// @param rewards the rewards of one group, `[groupSize]`
    /// @return the advantages in the same order
    public final double[] of(double... rewards) {
        return of(List.of(RewardedGroup.of(rewards)), Map.of()).getFirst();
    }

    /// Whether a group of these rewards has something to teach: two of them differ, or there is no other to compare
    /// to.
    public static boolean varied(double... rewards) {
        return rewards.length == 1 || Arrays.stream(rewards).anyMatch(r -> r != rewards[0]);
    }

    double[] withinGroup(RewardedGroup group, Map<String, Double> componentWeights) {
        double[] rewards = group.rewards();
        if (rewards.length == 1) {
            return rewards.clone();
        }
        if (centres() && !varied(rewards)) {
            return new double[rewards.length]; // exactly 0; the mean's rounding must not be divided by 1e-6
        }
        return ofVaried(group, Arrays.stream(rewards).average().orElseThrow());
    }

    abstract double[] ofVaried(RewardedGroup group, double mean);

    /// Whether something of the group is subtracted from each reward.
    boolean centres() {
        return true;
    }

    private static double[] standardised(double[] values, double mean) {
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        double deviation = Math.sqrt(squares / (values.length - 1)) + 1e-6;
        return Arrays.stream(values).map(v -> (v - mean) / deviation).toArray();
    }

    private static List<double[]> whitened(List<double[]> advantages, List<RewardedGroup> groups) {
        double tokens = 0;
        double sum = 0;
        for (int g = 0; g < groups.size(); g++) {
            for (int i = 0; i < advantages.get(g).length; i++) {
                int length = groups.get(g).tokens()[i];
                tokens += length;
                sum += length * advantages.get(g)[i];
            }
        }
        double mean = sum / tokens;
        double squares = 0;
        for (int g = 0; g < groups.size(); g++) {
            for (int i = 0; i < advantages.get(g).length; i++) {
                double distance = advantages.get(g)[i] - mean;
                squares += groups.get(g).tokens()[i] * distance * distance;
            }
        }
        double deviation = Math.sqrt(squares / Math.max(1, tokens - 1) + 1e-8);
        return advantages.stream()
                .map(group ->
                        Arrays.stream(group).map(a -> (a - mean) / deviation).toArray())
                .toList();
    }
}
