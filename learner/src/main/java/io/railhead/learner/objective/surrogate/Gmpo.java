package io.railhead.learner.objective.surrogate;

import io.railhead.learner.objective.CountedTokens;
import io.railhead.learner.objective.Cut;
import io.railhead.learner.objective.Surrogate;
import io.railhead.learner.objective.Term;

/// `l = -A g` for every token of a response, with the geometric mean `g` of its tokens' ratios, each clipped by
/// itself: `log r` at most `high` where `A > 0`, at least `-low` where `A < 0`
/// ([GMPO](https://arxiv.org/abs/2507.20673)). Bounds are in nats.
public record Gmpo(double low, double high) implements Surrogate {
    public Gmpo {
        if (!(low >= 0) || !(high >= 0)) {
            throw new IllegalArgumentException("clip bounds in nats are not negative: " + low + ", " + high);
        }
    }

    @Override
    public Term[] terms(CountedTokens tokens) {
        Cut[] cuts = new Cut[tokens.size()];
        double sum = 0;
        for (int t = 0; t < cuts.length; t++) {
            double logRatio = tokens.logRatio(t);
            cuts[t] = cut(logRatio, tokens.advantage());
            sum += switch (cuts[t]) {
                case HIGH -> high;
                case LOW -> -low;
                case NONE, DUAL -> logRatio;
            };
        }
        double mean = sum / cuts.length;
        double loss = -tokens.advantage() * Math.exp(Math.min(mean, 10));
        Term[] terms = new Term[cuts.length];
        for (int t = 0; t < cuts.length; t++) {
            terms[t] = new Term(loss, cuts[t] == Cut.NONE && mean <= 10 ? loss : 0, cuts[t]);
        }
        return terms;
    }

    private Cut cut(double logRatio, double advantage) {
        if (advantage > 0 && logRatio > high) {
            return Cut.HIGH;
        }
        return advantage < 0 && logRatio < -low ? Cut.LOW : Cut.NONE;
    }
}
