package io.railhead.learner.objective;

import java.util.Arrays;

/// The advantage of each trajectory of a group, from the group's rewards alone.
///
/// A group of one has no baseline: its advantage is its reward. A group of equal rewards has advantage 0 exactly.
/// For rewards (1, 0) the three give (0.7071, -0.7071), (0.5, -0.5) and (1, -1).
///
/// Left out: whitening over the whole batch (REINFORCE++), which mixes tasks of different scale.
public enum Advantages {
    /// `A_i = (R_i - mean) / (std + 1e-6)` with the unbiased standard deviation
    /// ([DeepSeekMath](https://arxiv.org/abs/2402.03300)).
    ///
    /// A factor that a whole group shares, such as RewardMap's difficulty weight, cancels out of it.
    GRPO {
        @Override
        double[] ofVaried(double[] rewards, double mean) {
            double squares = 0;
            for (double reward : rewards) {
                squares += (reward - mean) * (reward - mean);
            }
            double deviation = Math.sqrt(squares / (rewards.length - 1)) + 1e-6;
            return Arrays.stream(rewards).map(r -> (r - mean) / deviation).toArray();
        }
    },
    /// `A_i = R_i - mean` ([Dr. GRPO](https://arxiv.org/abs/2503.20783)).
    ///
    /// The choice for RewardMap, whose printed formula it is ([paper](https://arxiv.org/abs/2510.02240)): it keeps
    /// the difficulty weight, so that hard maps and transfers count for more.
    CENTRED {
        @Override
        double[] ofVaried(double[] rewards, double mean) {
            return Arrays.stream(rewards).map(r -> r - mean).toArray();
        }
    },
    /// `A_i = R_i - (mean of the others) = (R_i - mean) * n / (n - 1)`
    /// ([RLOO](https://arxiv.org/abs/2402.14740)).
    RLOO {
        @Override
        double[] ofVaried(double[] rewards, double mean) {
            double scale = rewards.length / (rewards.length - 1.0);
            return Arrays.stream(rewards).map(r -> (r - mean) * scale).toArray();
        }
    };

    /// @param rewards the rewards of one group, `[groupSize]`
    /// @return the advantages in the same order
    public final double[] of(double... rewards) {
        if (rewards.length == 1) {
            return rewards.clone();
        }
        if (!varied(rewards)) {
            return new double[rewards.length]; // exactly 0; the mean's rounding must not be divided by 1e-6
        }
        return ofVaried(rewards, Arrays.stream(rewards).average().orElseThrow());
    }

    /// Whether a group of these rewards has something to teach: two of them differ, or there is no other to compare
    /// to.
    public static boolean varied(double... rewards) {
        return rewards.length == 1 || Arrays.stream(rewards).anyMatch(r -> r != rewards[0]);
    }

    abstract double[] ofVaried(double[] rewards, double mean);
}
