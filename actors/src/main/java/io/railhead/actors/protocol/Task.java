package io.railhead.actors.protocol;

import io.railhead.policy.Prompt;

/// A prompt with its place in the curriculum. `kind` and `difficulty` are what stages select by; `answerKey` is what
/// the
/// scorer of this kind needs, opaque to everyone else.
public record Task(Prompt prompt, String kind, String difficulty, String answerKey) {}
