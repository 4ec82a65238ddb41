package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.TextConfig;
import java.util.ArrayList;
import java.util.List;

/// The two passes of generation: prompts into the cache, and one more token for all running sequences.
final class SequenceDecoder {
    private final PolicyConfig config;
    private final PolicyNetwork network;
    private final KvCache cache;
    private Weights weights;

    SequenceDecoder(PolicyNetwork network, Weights weights, KvCache cache) {
        this.config = network.config();
        this.network = network;
        this.weights = weights;
        this.cache = cache;
    }

    /// Computes with other weights from now on.
    void use(Weights others) {
        weights = others;
    }

    /// The new sequences of some requests, with their logits row by row.
    record Prefilled(List<Sequence> sequences, NDArray logits) {}

    /// Computes each prompt once, and copies its keys and values into one slot a sample, from `firstSlot` on.
    Prefilled prefill(TensorScope scope, List<WaitingRequest> requests, int firstSlot) {
        int time =
                requests.stream().mapToInt(WaitingRequest::promptTokens).max().orElseThrow();
        TokenLayout tokens = new TokenLayout(config, Math.multiplyExact(requests.size(), time));
        List<Sequence> sequences = new ArrayList<>();
        IntList rowOfSequence = new IntList();
        IntList slots = new IntList();
        IntList lastPlaces = new IntList(); // of each sequence's prompt
        for (int row = 0; row < requests.size(); row++) {
            WaitingRequest waiting = requests.get(row);
            int next = tokens.putPrompt(
                    row * time, waiting.prompt().tokens(), waiting.prompt().grids());
            for (int sample : waiting.request().sampleIndices()) {
                slots.add(firstSlot + sequences.size());
                sequences.add(
                        new Sequence(waiting.request(), sample, waiting.prompt().tokens(), next));
                rowOfSequence.add(row);
                lastPlaces.add(row * time + waiting.promptTokens() - 1);
            }
        }
        NDArray rowIndices = scope.indices(rowOfSequence.toArray());
        NDArray slotIndices = scope.indices(slots.toArray());
        NDArray hidden = network.decode(
                scope,
                weights,
                tokens.embed(scope, network, weights),
                tokens.positions(),
                scope.none(), // causal: padding stands behind the prompt, where no prompt token sees it
                requests.size(),
                (layer, keys, values) ->
                        cache.store(scope, layer, keys, values, requests.size(), rowIndices, slotIndices));
        NDArray logits = network.logits(scope, weights, hidden, scope.indices(lastPlaces.toArray()));
        return new Prefilled(sequences, logits);
    }

    /// Feeds each sequence's last token; sequence i is in slot i. Returns the logits after it.
    NDArray advance(TensorScope scope, List<Sequence> sequences) {
        int count = sequences.size();
        int[] ids = new int[count];
        int[] lengths = new int[count];
        float[] positions = new float[3 * count];
        int[] slots = new int[count];
        int longest = 0;
        for (int i = 0; i < count; i++) {
            Sequence sequence = sequences.get(i);
            ids[i] = sequence.lastToken();
            lengths[i] = sequence.cachedTokens();
            positions[3 * i] = positions[3 * i + 1] = positions[3 * i + 2] = sequence.lastPosition();
            slots[i] = i;
            longest = Math.max(longest, lengths[i] + 1);
        }
        TextConfig text = config.text();
        NDArray slotIndices = scope.indices(slots);
        NDArray lengthIndices = scope.indices(lengths);
        NDArray mask = scope.call("length_mask", lengthIndices, longest);
        NDArray[] angles = network.angles(scope, positions);
        NDArray x = network.embed(scope, weights, ids);
        for (int layer = 0; layer < text.layers(); layer++) {
            x = scope.call(
                    "decode_block",
                    x,
                    weights.decoderBlock(layer),
                    angles[0],
                    angles[1],
                    cache.keys(layer),
                    cache.values(layer),
                    slotIndices,
                    lengthIndices,
                    mask,
                    text.heads(),
                    text.kvHeads(),
                    text.rmsNormEps());
        }
        return network.logits(scope, weights, x, slotIndices);
    }
}
