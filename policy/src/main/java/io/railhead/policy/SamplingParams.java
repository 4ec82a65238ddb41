package io.railhead.policy;

/// How responses are sampled. `temperature` 0 is greedy; `topK` 0 and `topP` 1 do not truncate.
public record SamplingParams(int maxTokens, double temperature, double topP, int topK) {
    public SamplingParams {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("max tokens is at least 1: " + maxTokens);
        }
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("temperature is finite and not negative: " + temperature);
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("top-p is in (0, 1]: " + topP);
        }
        if (topK < 0) {
            throw new IllegalArgumentException("top-k is not negative: " + topK);
        }
    }

    public static SamplingParams greedy(int maxTokens) {
        return new SamplingParams(maxTokens, 0, 1, 0);
    }

    public static SamplingParams plain(int maxTokens, double temperature) {
        return new SamplingParams(maxTokens, temperature, 1, 0);
    }
}
