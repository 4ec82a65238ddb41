package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.ComputeType;
import io.railhead.policy.LoraConfig;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.vision.Block;
import io.railhead.policy.vision.ConvolutionalTower;
import io.railhead.policy.vision.TransformerTower;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Weights in the form that generation computes fastest with: q, k and v as one matrix, gate and up as one, and on a
/// processor all matrices packed for oneDNN, whose kernels use the widest vectors there are. They are only read.
///
/// The embedding stays as it is, for its rows are looked up, on the tensor's own memory where its type allows. A tied
/// head is a packed copy of it.
final class GenerationWeights implements VisionWeights, AutoCloseable {
    private static final String LAYERS = "model.layers.";

    private final PolicyConfig config;
    private final TensorScope own;
    private final StoredWeights stored;
    private final ComputeType type;
    private final boolean packed;
    private final NDArray embedding;
    private final NDArray[] baseLayers; // seven a layer, see generation.py
    private final NDArray lastNorm;
    private final NDArray head;
    private final NDArray[][] baseVision; // by group

    private @Nullable TensorScope adapterScope;
    private NDArray[] layers; // and what adapters add
    private NDArray[][] vision;

    private GenerationWeights(PolicyConfig config, StoredWeights stored, ComputeType type, TensorScope own) {
        this.config = config;
        this.own = own;
        this.stored = stored;
        this.type = type;
        this.packed = own.onCpu();
        // The largest comes first: what it takes on the way stands beside nothing else.
        this.head = matrix(config.tieWordEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight");
        List<NDArray> layers = new ArrayList<>();
        for (int i = 0; i < config.text().layers(); i++) {
            addLayer(layers, LAYERS + i + ".");
        }
        this.baseLayers = layers.toArray(NDArray[]::new);
        this.layers = baseLayers;
        this.lastNorm = norm("model.norm.weight");
        this.baseVision = vision(config);
        this.vision = baseVision;
        NamedTensor table = stored.get("model.embed_tokens.weight");
        this.embedding = TensorMemory.sharable(table, type, own)
                ? TensorMemory.shared(own, table)
                : TensorMemory.copy(own, table, type);
    }

    /// @param stored must not change while these are used
    /// @param owner frees the arrays when it closes, if `close` has not done so before
    static GenerationWeights of(PolicyConfig config, StoredWeights stored, ComputeType type, TensorScope owner) {
        return new GenerationWeights(config, stored, type, TensorScope.within(owner));
    }

    /// Computes with these adapters beside the projections from now on, instead of others or none.
    ///
    /// @throws IllegalArgumentException if the tensors are not those of the configuration's adapters; nothing
    ///     changes
    void adapt(LoraConfig lora, List<NamedTensor> tensors) {
        TensorScope scope = TensorScope.within(own);
        Adapters adapters;
        try {
            adapters = Adapters.of(config, lora, tensors, type, scope);
        } catch (IllegalArgumentException e) {
            scope.close();
            throw e;
        }
        UnaryOperator<NDArray> form = matrix -> packed ? scope.call("pack", matrix) : matrix;
        List<NDArray> adapted = new ArrayList<>(List.of(baseLayers));
        for (int i = 0; i < config.text().layers(); i++) {
            NDArray[] block = adapters.decoderBlock(i, form);
            adapted.addAll(List.of(block).subList(i == 0 ? 0 : 1, block.length)); // one scale for all
        }
        layers = adapted.toArray(NDArray[]::new);
        vision = IntStream.range(0, baseVision.length)
                .mapToObj(i -> Stream.of(baseVision[i], adapters.visionGroup(i, form))
                        .flatMap(Stream::of)
                        .toArray(NDArray[]::new))
                .toArray(NDArray[][]::new);
        if (adapterScope != null) {
            adapterScope.close();
        }
        adapterScope = scope;
    }

    NDArray embedding() {
        return embedding;
    }

    NDArray[] layers() {
        return layers;
    }

    NDArray lastNorm() {
        return lastNorm;
    }

    NDArray head() {
        return head;
    }

    @Override
    public NDArray[] visionGroup(int index) {
        return vision[index];
    }

    @Override
    public void close() {
        own.close();
    }

    private void addLayer(List<NDArray> layers, String prefix) {
        String attention = prefix + "self_attn.";
        layers.add(norm(prefix + "input_layernorm.weight"));
        layers.add(matrix(attention + "q_proj.weight", attention + "k_proj.weight", attention + "v_proj.weight"));
        layers.add(joined(own, attention + "q_proj.bias", attention + "k_proj.bias", attention + "v_proj.bias"));
        layers.add(matrix(attention + "o_proj.weight"));
        layers.add(norm(prefix + "post_attention_layernorm.weight"));
        layers.add(matrix(prefix + "mlp.gate_proj.weight", prefix + "mlp.up_proj.weight"));
        layers.add(matrix(prefix + "mlp.down_proj.weight"));
    }

    private NDArray norm(String name) {
        try (NDArray weight = copy(own, name)) {
            return own.call("norm_weight", weight);
        }
    }

    private NDArray patchMatrix(String name) {
        try (TensorScope scope = TensorScope.within(own)) {
            return own.call(packed ? "pack" : "copy_of", scope.call("patch_matrix", copy(scope, name)));
        }
    }

    private NDArray[][] vision(PolicyConfig config) {
        List<List<String>> groups = Weights.visionGroups(config).toList();
        NDArray[][] arrays = new NDArray[groups.size()][];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = switch (config.vision()) {
                case TransformerTower _ ->
                    i == 0 ? new NDArray[] {patchMatrix(groups.get(i).getFirst())} : group(groups.get(i));
                case ConvolutionalTower tower ->
                    i < tower.blocks().size()
                            ? folded(groups.get(i), tower.blocks().get(i))
                            : group(groups.get(i));
            };
        }
        return arrays;
    }

    /// Of each convolution and its norm, which only scales and shifts here, a weight and a bias.
    private NDArray[] folded(List<String> names, Block block) {
        try (TensorScope scope = TensorScope.within(own)) {
            NDArray[] arrays = names.stream().map(name -> copy(scope, name)).toArray(NDArray[]::new);
            return own.callForList("folded_block", arrays, block.convolutions().size());
        }
    }

    private NDArray[] group(List<String> names) {
        return names.stream()
                .map(name -> stored.get(name).shape().size() == 2 ? matrix(name) : copy(own, name))
                .toArray(NDArray[]::new);
    }

    /// One matrix of the rows of several.
    private NDArray matrix(String... names) {
        if (!packed) {
            return joined(own, names);
        }
        try (TensorScope scope = TensorScope.within(own)) {
            NamedTensor first = stored.get(names[0]);
            if (names.length > 1 || !TensorMemory.sharable(first, type, own)) {
                return own.call("pack", joined(scope, names));
            }
            NDArray matrix = own.call("pack", TensorMemory.shared(scope, first));
            TensorMemory.release(first);
            return matrix;
        }
    }

    private NDArray joined(TensorScope into, String... names) {
        if (names.length == 1) {
            return copy(into, names[0]);
        }
        try (TensorScope scope = TensorScope.within(own)) {
            NDArray[] parts = Stream.of(names).map(name -> copy(scope, name)).toArray(NDArray[]::new);
            return into.call("joined", (Object) parts);
        }
    }

    private NDArray copy(TensorScope into, String name) {
        return TensorMemory.copy(into, stored.get(name), type);
    }
}
