package io.railhead.transit.metric;

/// By whose rules planning answers are judged in an evaluation.
public enum EvaluationMode {
    /// The papers' rules. Answers are right if training would reward them as right.
    RAILHEAD,
    /// The published evaluation code to its last oddity, for scores that can be put beside published ones.
    REFERENCE
}
