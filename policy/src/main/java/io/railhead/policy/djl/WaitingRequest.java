package io.railhead.policy.djl;

import io.railhead.policy.GenerationRequest;

/// A request that holds nothing of the cache yet, with its prompt as tokens and patches.
record WaitingRequest(GenerationRequest request, PromptLayout prompt) {
    int samples() {
        return request.sampleIndices().size();
    }

    /// Cache blocks for all samples to the longest response: the prompt's full blocks once, the others for each.
    int blocks() {
        return sharedBlocks() + samples() * (blocksPerSample() - sharedBlocks());
    }

    int sharedBlocks() {
        return prompt.size() / KvCache.BLOCK;
    }

    /// The last token of a response is never fed, so it needs no place.
    int blocksPerSample() {
        return KvCache.blocksFor(prompt.size() + request.sampling().maxTokens() - 1);
    }
}
