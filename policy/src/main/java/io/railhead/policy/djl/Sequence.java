package io.railhead.policy.djl;

import io.railhead.policy.FinishReason;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.PromptEncoder;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// One response being generated: where its keys and values are, what it has sampled so far and the random numbers it
/// has left.
final class Sequence {
    private final GenerationRequest request;
    private final PromptLayout prompt;
    private final int sampleIndex;
    private final int sample; // its place among those of the request
    private final int[] blocks; // of the cache, enough for the prompt and the longest response
    private final SplittableRandom random;
    private final IntList ids = new IntList();
    private final float[] logProbs;
    private final float[] rawLogProbs;
    private final long[] versions;

    Sequence(GenerationRequest request, PromptLayout prompt, int sampleIndex, int[] blocks) {
        this.request = request;
        this.prompt = prompt;
        this.sampleIndex = sampleIndex;
        this.sample = request.sampleIndices().indexOf(sampleIndex);
        this.blocks = blocks;
        this.random = request.random(sampleIndex);
        this.logProbs = new float[request.sampling().maxTokens()];
        this.rawLogProbs = new float[request.sampling().maxTokens()];
        this.versions = new long[request.sampling().maxTokens()];
    }

    GenerationRequest request() {
        return request;
    }

    PromptLayout prompt() {
        return prompt;
    }

    /// Of the request, whether they still run or not.
    int samples() {
        return request.sampleIndices().size();
    }

    /// Which of them this is, from 0.
    int sample() {
        return sample;
    }

    int[] blocks() {
        return blocks;
    }

    /// Where the keys and values of a token of the prompt or the response are in the cache.
    int place(int token) {
        return blocks[token / KvCache.BLOCK] * KvCache.BLOCK + token % KvCache.BLOCK;
    }

    double nextUniform() {
        return random.nextDouble();
    }

    /// Places that the cache holds: the prompt and all sampled tokens but the last, which has not been fed yet.
    int cachedTokens() {
        return prompt.size() + ids.size() - 1;
    }

    int lastToken() {
        return ids.last();
    }

    /// The rotary position of the last sampled token.
    int lastPosition() {
        return prompt.next() + ids.size() - 1;
    }

    /// The id of a token of the prompt or the response.
    int token(int index) {
        return index < prompt.size() ? prompt.tokens().get(index) : ids.get(index - prompt.size());
    }

    void append(int id, float logProb, float rawLogProb, PolicyVersion version) {
        logProbs[ids.size()] = logProb;
        rawLogProbs[ids.size()] = rawLogProb;
        versions[ids.size()] = version.number();
        ids.add(id);
    }

    Optional<FinishReason> ending(Set<Integer> stopTokens) {
        if (stopTokens.contains(ids.last())) {
            return Optional.of(FinishReason.STOP);
        }
        return ids.size() == request.sampling().maxTokens() ? Optional.of(FinishReason.LENGTH) : Optional.empty();
    }

    SampledTokens sampled() {
        int size = ids.size();
        return SampledTokens.of(
                TokenIds.of(ids.toArray()),
                Arrays.copyOf(logProbs, size),
                Arrays.copyOf(rawLogProbs, size),
                Arrays.copyOf(versions, size));
    }

    FinishedSequence finished(PromptEncoder encoder, FinishReason reason) {
        SampledTokens sampled = sampled();
        return new FinishedSequence(
                request.id(), sampleIndex, prompt.tokens(), sampled, encoder.decode(sampled.ids()), reason);
    }
}
