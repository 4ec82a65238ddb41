package io.railhead.policy.djl;

import io.railhead.policy.EncodedPrompt;
import io.railhead.policy.GenerationRequest;

/// A request that has no slots yet, with its prompt as tokens and patches.
record WaitingRequest(GenerationRequest request, EncodedPrompt prompt) {
    int samples() {
        return request.sampleIndices().size();
    }

    int promptTokens() {
        return prompt.tokens().size();
    }
}
