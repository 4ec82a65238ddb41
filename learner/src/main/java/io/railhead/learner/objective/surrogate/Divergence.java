package io.railhead.learner.objective.surrogate;

/// How far a token's probability moved from the proximal policy's, in place of the ratio: of a rare token the ratio
/// jumps long before the policy has changed, of a frequent one it hardly moves when it has.
public enum Divergence {
    /// `|p(target) - p(proximal)|`: the total variation of the two-way choice "this token or another".
    TOTAL_VARIATION {
        @Override
        double of(double target, double proximal) {
            return Math.abs(target - proximal);
        }
    },
    /// `KL(proximal || target)` of that choice.
    KL {
        @Override
        double of(double target, double proximal) {
            return part(proximal, target) + part(1 - proximal, 1 - target);
        }

        private static double part(double p, double q) {
            return p <= 0 ? 0 : p * Math.log(p / Math.max(q, 1e-12));
        }
    };

    /// Of probabilities.
    abstract double of(double target, double proximal);
}
