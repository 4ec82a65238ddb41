package io.railhead.policy.djl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The samples of one request whose prompt is being computed: once, into the blocks of the first of them.
final class PromptGroup implements AutoCloseable {
    private final List<Sequence> sequences;
    private final TensorScope own; // of the pictures' features
    private Optional<VisionFeatures> features = Optional.empty();
    private int computed; // tokens of the prompt

    PromptGroup(List<Sequence> sequences, TensorScope owner) {
        this.sequences = List.copyOf(sequences);
        this.own = TensorScope.within(owner.manager());
    }

    /// Takes the blocks that a request needs at most: the prompt's full blocks once, the others for each sample.
    static PromptGroup admit(WaitingRequest waiting, KvCache cache, TensorScope owner) {
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
        return new PromptGroup(sequences, owner);
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
        if (features.isEmpty() && !prompt().grids().isEmpty()) {
            features = Optional.of(decoder.features(own, weights, prompt()));
        }
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

    @Override
    public void close() {
        own.close();
    }
}
