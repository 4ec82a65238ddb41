package io.railhead.learner.objective;

/// Parts of a batch that a rule may hit unequally. What is left out of the loss is measured for each of them: what
/// drops long responses or hard prompts teaches the policy to be short and to do what is easy.
public enum Stratum {
    /// Responses up to the median length of the batch.
    SHORT,
    /// Responses above it.
    LONG,
    /// Responses to prompts that at least half of the group answered correctly.
    EASY,
    /// Responses to the other prompts.
    HARD
}
