package com.example;

import com.typesafe.config.Config;
import io.railhead.learner.objective.CountedTokens;
import io.railhead.learner.objective.Surrogate;
import io.railhead.learner.objective.Term;

/// An objective of one's own: what is better than its group is imitated, what is worse counts for a fraction.
///
/// `l = -A log p` where `A > 0`, else `l = -negative A log p`.
public final class MostlyPositive implements Surrogate {
    private final double negative;

    /// @param options `railhead.learner.objective-options`, here with the key `negative`
    public MostlyPositive(Config options) {
        negative = options.hasPath("negative") ? options.getDouble("negative") : 0.1;
    }

    /// One term a token: its loss, and the derivative of the loss by the token's log-probability.
    @Override
    public Term[] terms(CountedTokens tokens) {
        double weight = tokens.advantage() > 0 ? tokens.advantage() : negative * tokens.advantage();
        Term[] terms = new Term[tokens.size()];
        for (int t = 0; t < terms.length; t++) {
            terms[t] = new Term(-weight * tokens.target()[t], -weight);
        }
        return terms;
    }
}
