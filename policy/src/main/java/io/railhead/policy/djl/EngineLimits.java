package io.railhead.policy.djl;

/// What a generation engine reserves memory for.
///
/// @param slots the most sequences decoded at a time
/// @param slotTokens the most tokens of one sequence, prompt and response together
/// @param prefillTokens the most padded prompt tokens computed in one pass (one prompt may exceed it)
public record EngineLimits(int slots, int slotTokens, int prefillTokens) {
    public EngineLimits {
        if (slots < 1 || slotTokens < 2 || prefillTokens < 1) {
            throw new IllegalArgumentException("slots %d, tokens a slot %d, prefill tokens %d are too few"
                    .formatted(slots, slotTokens, prefillTokens));
        }
    }

    public static EngineLimits of(int slots, int slotTokens) {
        return new EngineLimits(slots, slotTokens, 4096);
    }
}
