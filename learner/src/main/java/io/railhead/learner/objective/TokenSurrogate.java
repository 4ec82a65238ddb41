package io.railhead.learner.objective;

/// A [Surrogate] whose terms depend on nothing but the token.
public interface TokenSurrogate extends Surrogate {
    /// @param target the token's log-probability under the policy that is being optimised
    /// @param proximal the token's log-probability under the policy that the ratio is taken to
    Term term(double target, double proximal, double advantage);

    @Override
    default Term[] terms(CountedTokens tokens) {
        Term[] terms = new Term[tokens.size()];
        for (int t = 0; t < terms.length; t++) {
            terms[t] = term(tokens.target()[t], tokens.proximal()[t], tokens.advantage());
        }
        return terms;
    }
}
