package io.railhead.learner.objective;

/// Why a token was left out of the loss, its gradient 0 whatever the objective says.
public enum Rule {
    /// The behaviour weight is masked, and outside its bounds.
    BEHAVIOUR_WEIGHT,
    /// The token's own weight is outside the bounds.
    TOKEN,
    /// The product of the response's weights is.
    SEQUENCE,
    /// The geometric mean of the response's weights is.
    GEOMETRIC,
    /// The second moment of the minibatch's log-weights was too large with it.
    SECOND_MOMENT,
    /// The response is a bad one that the policy has become less likely to give.
    NEGATIVE_DRIFT,
    /// The token is staler than what is trained on.
    STALENESS
}
