package io.railhead.policy;

import java.util.List;
import java.util.SplittableRandom;

/// One prompt, and which samples of its group to generate. The prompt is prefilled once for all of them.
///
/// The tokens of sample `i` depend only on the weights, the prompt, the sampling parameters and `(seed, i)`: asking
/// again for a lost sample gives it again while the weights are the same. Up to rounding: an engine may compute a large
/// group otherwise than a single sample, and a token whose draw falls on a boundary then differs.
public record GenerationRequest(
        String id, Prompt prompt, List<Integer> sampleIndices, SamplingParams sampling, long seed) {
    public GenerationRequest {
        sampleIndices = List.copyOf(sampleIndices);
        if (sampleIndices.isEmpty()) {
            throw new IllegalArgumentException("request " + id + " asks for no sample");
        }
        if (sampleIndices.stream().distinct().count() != sampleIndices.size()) {
            throw new IllegalArgumentException("request " + id + " asks twice for one sample: " + sampleIndices);
        }
    }

    /// The random numbers of one sample, the same whenever it is asked for.
    public SplittableRandom random(int sampleIndex) {
        return random(seed, sampleIndex);
    }

    public static SplittableRandom random(long seed, int sampleIndex) {
        // Mixed twice, so that neighbouring seeds and indices give unrelated streams.
        return new SplittableRandom(new SplittableRandom(seed).nextLong() + sampleIndex);
    }
}
