package io.railhead.policy;

/// Why a sequence ended: the policy sampled an end token, or it ran into the length limit.
public enum FinishReason {
    STOP,
    LENGTH
}
