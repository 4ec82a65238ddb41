package io.railhead.actors.protocol;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishReason;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;
import java.util.Map;

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
        String workerId) {
    /// This rollout with those of its pictures that are known.
    public Rollout with(Map<String, EncodedImage> known) {
        return new Rollout(
                lease,
                attempt,
                sampleIndex,
                stage,
                task.with(known),
                promptTokens,
                response,
                text,
                finishReason,
                workerId);
    }
}
