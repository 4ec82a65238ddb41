package io.railhead.policy;

/// What a forward pass says of one continuation: for each of its tokens the log-probability given all before it, and
/// the entropy of the distribution it was drawn from, both at the row's temperature, in nats. `[tokens]` each.
@SuppressWarnings("ArrayRecordComponent") // lives for one microbatch, never in a message
public record TokenScores(float[] logProbs, float[] entropies) {}
