package io.railhead.learner;

import com.typesafe.config.Config;
import io.railhead.learner.objective.Term;
import io.railhead.learner.objective.TokenSurrogate;

/// An objective as a user writes it: `-scale A log p`.
public record ScaledReinforce(double scale) implements TokenSurrogate {
    public ScaledReinforce(Config options) {
        this(options.getDouble("scale"));
    }

    @Override
    public Term term(double target, double proximal, double advantage) {
        return new Term(-scale * advantage * target, -scale * advantage);
    }
}
