package io.railhead.learner;

/// The objectives that come with Railhead. In the configuration in lower case with dashes.
enum ObjectiveKind {
    CLIP,
    RATIO,
    REINFORCE,
    CISPO,
    AIPO,
    TOPR,
    SAPO,
    GSPO,
    GMPO,
    DPPO_TV,
    DPPO_KL,
    PRIME_RL,
    PRIME_RL_IPO
}
