package io.railhead.policy;

/// One generated response. `promptTokens` has the image placeholders expanded, one token a visual token;
/// `text` is the response decoded without special tokens.
public record FinishedSequence(
        String requestId,
        int sampleIndex,
        TokenIds promptTokens,
        SampledTokens response,
        String text,
        FinishReason finishReason) {}
