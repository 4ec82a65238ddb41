package io.railhead.policy.djl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The samples of one request whose prompt is being computed: once, into the blocks of the first of them.
final class PromptGroup {
    private final List<Sequence> sequences;
    private int computed; // tokens of the prompt

    PromptGroup(List<Sequence> sequences) {
        this.sequences = List.copyOf(sequences);
    }

    /// Takes the blocks that a request needs at most: the prompt's full blocks once, the others for each sample.
    static PromptGroup admit(WaitingRequest waiting, KvCache cache) {
        int[] shared = cache.take(waiting.sharedBlocks());
        List<Sequence> sequences = new ArrayList<>();
        for (int sample : waiting.request().sampleIndices()) {
            if (!sequences.isEmpty()) {
                cache.share(shared);
            }
            int[] blocks = Arrays.copyOf(shared, waiting.blocksPerSample());
            int[] others = cache.take(blocks.length - shared.length);
            System.arraycopy(others, 0, blocks, shared.length, others.length);
            sequences.add(new Sequence(waiting.request(), waiting.prompt(), sample, blocks));
        }
        return new PromptGroup(sequences);
    }

    List<Sequence> sequences() {
        return sequences;
    }

    PromptLayout prompt() {
        return sequences.getFirst().prompt();
    }

    int remaining() {
        return prompt().size() - computed;
    }

    /// The next tokens of the prompt, `most` of them or all that remain.
    Chunk nextChunk(SequenceDecoder decoder, GenerationWeights weights, int most) {
        Optional<VisionFeatures> features =
                prompt().grids().isEmpty() ? Optional.empty() : Optional.of(decoder.features(weights, prompt()));
        int start = computed;
        computed = Math.min(prompt().size(), start + most);
        return new Chunk(sequences.getFirst(), start, computed, features);
    }

    /// Gives each sample its copy of what the prompt left of a block that is not full.
    void copyTail(TensorScope scope, KvCache cache) {
        if (prompt().size() % KvCache.BLOCK == 0 || sequences.size() == 1) {
            return;
        }
        int tail = prompt().size() / KvCache.BLOCK;
        int[] targets =
                sequences.stream().skip(1).mapToInt(s -> s.blocks()[tail]).toArray();
        int[] sources = new int[targets.length];
        Arrays.fill(sources, sequences.getFirst().blocks()[tail]);
        cache.copy(scope, sources, targets);
    }
}
