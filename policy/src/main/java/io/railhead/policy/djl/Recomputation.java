package io.railhead.policy.djl;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/// Computes the keys and values of running sequences again, after their weights have changed.
final class Recomputation {
    private final SequenceDecoder decoder;
    private final KvCache cache;
    private final int prefillTokens;
    private final TensorScope owner;

    Recomputation(SequenceDecoder decoder, KvCache cache, int prefillTokens, TensorScope owner) {
        this.decoder = decoder;
        this.cache = cache;
        this.prefillTokens = prefillTokens;
        this.owner = owner;
    }

    /// Prompts once for their group, then the responses but for their last tokens, which are yet to be fed.
    void run(List<Sequence> running, GenerationWeights weights) {
        IdentityHashMap<PromptLayout, List<Sequence>> byPrompt = new IdentityHashMap<>();
        List<PromptLayout> inOrder = new ArrayList<>();
        for (Sequence sequence : running) {
            if (!byPrompt.containsKey(sequence.prompt())) {
                inOrder.add(sequence.prompt());
            }
            byPrompt.computeIfAbsent(sequence.prompt(), _ -> new ArrayList<>()).add(sequence);
        }
        for (PromptLayout prompt : inOrder) {
            recomputePrompt(byPrompt.getOrDefault(prompt, List.of()), weights);
        }
        List<Chunk> pass = new ArrayList<>();
        int tokens = 0;
        for (Sequence sequence : running) {
            for (int start = sequence.prompt().size(); start < sequence.cachedTokens(); ) {
                if (tokens == prefillTokens) {
                    compute(pass, weights);
                    pass = new ArrayList<>();
                    tokens = 0;
                }
                int end = Math.min(sequence.cachedTokens(), start + prefillTokens - tokens);
                pass.add(new Chunk(sequence, start, end, Optional.empty()));
                tokens += end - start;
                start = end;
            }
        }
        compute(pass, weights);
    }

    private void recomputePrompt(List<Sequence> sequences, GenerationWeights weights) {
        PromptGroup group = new PromptGroup(sequences);
        try (TensorScope scope = TensorScope.within(owner)) {
            while (group.remaining() > 0) {
                compute(List.of(group.nextChunk(decoder, weights, prefillTokens)), weights);
            }
            group.copyTail(scope, cache);
        }
        decoder.trim();
    }

    private void compute(List<Chunk> chunks, GenerationWeights weights) {
        if (!chunks.isEmpty()) {
            try (TensorScope scope = TensorScope.within(owner)) {
                decoder.prefill(scope, weights, new ChunkLayout(chunks));
            }
        }
    }
}
