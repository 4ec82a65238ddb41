package io.railhead.learner.objective;

/// The part of a loss that teaches: what a response's tokens lose, given its advantage, and how that changes with
/// their log-probabilities. Everything around it (advantages, weights against the behaviour policy, KL, entropy,
/// aggregation, measurements) is composed by [PolicyObjective].
///
/// This is the interface that an objective of one's own implements. An implementation is a pure function: no
/// state, no randomness. It is called from one thread.
@FunctionalInterface
public interface Surrogate {
    /// @return one term a token, in their order. A term's slope is the derivative of the **sum** of the terms by
    ///     that token's target log-probability.
    Term[] terms(CountedTokens tokens);
}
