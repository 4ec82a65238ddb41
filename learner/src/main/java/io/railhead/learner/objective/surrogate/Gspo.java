package io.railhead.learner.objective.surrogate;

import io.railhead.learner.objective.CountedTokens;
import io.railhead.learner.objective.Cut;
import io.railhead.learner.objective.Surrogate;
import io.railhead.learner.objective.Term;
import java.util.Arrays;

/// `l = max(-A s, -A clip(s, 1 - low, 1 + high))` for every token of a response, with one ratio of the whole
/// response, `s = exp(mean(target - proximal))` ([GSPO](https://arxiv.org/abs/2507.18071)). Bounds are of the
/// order of 1e-4.
///
/// The mean log-ratio is at most 10, beyond which its gradient is 0.
public record Gspo(double low, double high) implements Surrogate {
    private static final double MOST = 10;

    public Gspo {
        if (!(low >= 0 && low <= 1) || !(high >= 0)) {
            throw new IllegalArgumentException("clip bounds: low " + low + " in [0, 1], high " + high + " from 0 up");
        }
    }

    @Override
    public Term[] terms(CountedTokens tokens) {
        double mean = tokens.meanLogRatio();
        Term[] terms = new Term[tokens.size()];
        // Each of n equal terms depends on each of n tokens by 1/n: the sum's derivative is that of one term.
        Arrays.fill(terms, term(Math.exp(Math.min(mean, MOST)), mean > MOST, tokens.advantage()));
        return terms;
    }

    private Term term(double ratio, boolean bounded, double advantage) {
        if (advantage > 0 && ratio > 1 + high) {
            return new Term(-advantage * (1 + high), 0, Cut.HIGH);
        }
        if (advantage < 0 && ratio < 1 - low) {
            return new Term(-advantage * (1 - low), 0, Cut.LOW);
        }
        return new Term(-advantage * ratio, bounded ? 0 : -advantage * ratio);
    }
}
