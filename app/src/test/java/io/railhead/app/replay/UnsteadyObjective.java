package io.railhead.app.replay;

import io.railhead.learner.objective.Term;
import io.railhead.learner.objective.TokenSurrogate;

/// `-A log p`, but without a value for about one token in thirty, which ones its log-probability alone decides.
public final class UnsteadyObjective implements TokenSurrogate {
    @Override
    public Term term(double target, double proximal, double advantage) {
        boolean lost = Math.floorMod((long) (-target * 1e5), 30L) == 0;
        return lost ? new Term(Double.NaN, Double.NaN) : new Term(-advantage * target, -advantage);
    }
}
