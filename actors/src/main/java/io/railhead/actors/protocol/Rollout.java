package io.railhead.actors.protocol;

import io.railhead.policy.FinishReason;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;

/// One finished response to one lease, before it is scored.
public record Rollout(
        LeaseId lease,
        int attempt,
        int sampleIndex,
        String stage,
        Task task,
        TokenIds promptTokens,
        SampledTokens response,
        String text,
        FinishReason finishReason,
        String workerId) {}
