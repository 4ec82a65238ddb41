package io.railhead.app.run;

/// How the answers are written that a model learns from.
public enum AnswerStyle {
    /// The bare answer: a boxed word or number, or the route.
    ANSWER,
    /// First what has to be looked up on the map, then the answer. Of generated maps alone, whose networks are known.
    LOOK_FIRST
}
