package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.ComputeType;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.PolicyConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The weights of one policy as native arrays of one type, by name and grouped as the operators take them.
final class Weights implements VisionWeights, AutoCloseable {
    private static final List<String> DECODER_BLOCK = List.of(
            "input_layernorm.weight",
            "self_attn.q_proj.weight",
            "self_attn.q_proj.bias",
            "self_attn.k_proj.weight",
            "self_attn.k_proj.bias",
            "self_attn.v_proj.weight",
            "self_attn.v_proj.bias",
            "self_attn.o_proj.weight",
            "post_attention_layernorm.weight",
            "mlp.gate_proj.weight",
            "mlp.up_proj.weight",
            "mlp.down_proj.weight");
    private static final List<String> VISION_BLOCK = List.of(
            "norm1.weight",
            "attn.qkv.weight",
            "attn.qkv.bias",
            "attn.proj.weight",
            "attn.proj.bias",
            "norm2.weight",
            "mlp.gate_proj.weight",
            "mlp.gate_proj.bias",
            "mlp.up_proj.weight",
            "mlp.up_proj.bias",
            "mlp.down_proj.weight",
            "mlp.down_proj.bias");
    private static final List<String> VISION_MERGER =
            List.of("ln_q.weight", "mlp.0.weight", "mlp.0.bias", "mlp.2.weight", "mlp.2.bias");

    private final TensorScope own;
    private final ComputeType type;
    private final List<NamedTensor> shared; // whose memory arrays lie on
    private final Map<String, NDArray> byName;
    private final Map<String, NDArray> masters; // of those in training
    private final NDArray[][] decoderBlocks;
    private final NDArray[][] visionBlocks;
    private final NDArray[] visionMerger;

    private Weights(
            PolicyConfig config,
            ComputeType type,
            TensorScope own,
            Map<String, NDArray> byName,
            Map<String, NDArray> masters,
            List<NamedTensor> shared) {
        this.own = own;
        this.type = type;
        this.shared = List.copyOf(shared);
        this.byName = byName;
        this.masters = masters;
        this.decoderBlocks = blocks("model.layers.", config.text().layers(), DECODER_BLOCK);
        this.visionBlocks = blocks("visual.blocks.", config.vision().depth(), VISION_BLOCK);
        this.visionMerger = group("visual.merger.", VISION_MERGER);
    }

    /// Weights with memory of their own, to be changed.
    ///
    /// @param owner frees the arrays when it closes, if `close` has not done so before
    /// @throws IllegalArgumentException if a weight is missing, unknown or of another shape
    static Weights of(PolicyConfig config, List<NamedTensor> tensors, ComputeType type, TensorScope owner) {
        StoredWeights stored = StoredWeights.of(config, tensors);
        TensorScope own = TensorScope.within(owner);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        stored.byName().forEach((name, tensor) -> arrays.put(name, TensorMemory.copy(own, tensor, type)));
        return new Weights(config, type, own, arrays, Map.of(), List.of());
    }

    /// Weights some of which are trained. For those there are masters in 32 bits, leaves that collect gradients: the
    /// weights themselves, or, where passes compute in 16 bits, what the weights are rounded from. The
    /// rounding is part of every graph, so gradients of many passes add up in 32 bits.
    ///
    /// @throws IllegalArgumentException if a weight is missing, unknown or of another shape
    static Weights inTraining(
            PolicyConfig config,
            List<NamedTensor> tensors,
            ComputeType type,
            Predicate<String> trained,
            TensorScope owner) {
        StoredWeights stored = StoredWeights.of(config, tensors);
        TensorScope own = TensorScope.within(owner);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        Map<String, NDArray> masters = new LinkedHashMap<>();
        stored.byName().forEach((name, tensor) -> {
            if (trained.test(name)) {
                NDArray master = TensorMemory.copy(own, tensor, ComputeType.FLOAT32);
                master.setRequiresGradient(true);
                masters.put(name, master);
                arrays.put(name, TensorMemory.rounded(own, master, type));
            } else {
                arrays.put(name, TensorMemory.copy(own, tensor, type));
            }
        });
        return new Weights(config, type, own, arrays, masters, List.of());
    }

    /// Weights that are only read: on the tensors' own memory where it is as the passes need it, else on copies.
    ///
    /// @param owner frees the arrays when it closes, if `close` has not done so before
    /// @throws IllegalArgumentException if a weight is missing, unknown or of another shape
    static Weights sharing(PolicyConfig config, List<NamedTensor> tensors, ComputeType type, TensorScope owner) {
        StoredWeights stored = StoredWeights.of(config, tensors);
        TensorScope own = TensorScope.within(owner);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        List<NamedTensor> shared = new ArrayList<>();
        stored.byName().forEach((name, tensor) -> {
            if (TensorMemory.sharable(tensor, type, own)) {
                shared.add(tensor);
                arrays.put(name, TensorMemory.shared(own, tensor));
            } else {
                arrays.put(name, TensorMemory.copy(own, tensor, type));
            }
        });
        return new Weights(config, type, own, arrays, Map.of(), shared);
    }

    /// An independent copy of these weights.
    Weights copy(PolicyConfig config, TensorScope owner) {
        TensorScope copies = TensorScope.within(owner);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        byName.forEach((name, array) -> arrays.put(name, copies.call("copy_of", array)));
        return new Weights(config, type, copies, arrays, Map.of(), List.of());
    }

    /// Takes over the values of weights of the same model.
    void assign(Weights others) {
        byName.forEach((name, array) -> own.run("assign", array, others.get(name)));
    }

    /// Those in training, in 32 bits, by name.
    Map<String, NDArray> masters() {
        return masters;
    }

    /// Lets passes see the present values of the masters.
    void roundMasters() {
        if (type != ComputeType.FLOAT32) {
            masters.forEach((name, master) -> own.run("assign", get(name), master));
        }
    }

    /// Checks the tensors, and returns what then replaces all values in place, those of masters as well.
    ///
    /// @throws IllegalArgumentException if a weight is missing, unknown or of another shape
    Runnable replacement(PolicyConfig config, List<NamedTensor> tensors) {
        StoredWeights stored = StoredWeights.of(config, tensors);
        return () -> stored.byName().forEach((name, tensor) -> {
            NDArray master = masters.get(name);
            ComputeType as = master == null ? type : ComputeType.FLOAT32;
            try (NDArray values = TensorMemory.copy(own, tensor, as)) {
                own.run("assign", master == null ? get(name) : master, values);
            }
        });
    }

    /// How many of the weights lie on memory of the tensors that they came from.
    int sharedCount() {
        return shared.size();
    }

    /// What passes with these weights compute in.
    ComputeType type() {
        return type;
    }

    Map<String, NDArray> byName() {
        return byName;
    }

    NDArray get(String name) {
        NDArray array = byName.get(name);
        if (array == null) {
            throw new IllegalArgumentException("no weight " + name);
        }
        return array;
    }

    NDArray[] decoderBlock(int index) {
        return decoderBlocks[index];
    }

    @Override
    public NDArray[] visionBlock(int index) {
        return visionBlocks[index];
    }

    @Override
    public NDArray[] visionMerger() {
        return visionMerger;
    }

    @Override
    public NDArray patchEmbedding() {
        return get("visual.patch_embed.proj.weight");
    }

    NDArray embedding() {
        return get("model.embed_tokens.weight");
    }

    NDArray lastNorm() {
        return get("model.norm.weight");
    }

    NDArray head() {
        return byName.getOrDefault("lm_head.weight", embedding());
    }

    /// The values as bytes, in the order of the names' first use.
    List<NamedTensor> tensors() {
        List<NamedTensor> tensors = new ArrayList<>();
        byName.forEach((name, array) -> tensors.add(TensorMemory.read(own, name, array, type)));
        return List.copyOf(tensors);
    }

    @Override
    public void close() {
        own.close();
    }

    static List<String> visionBlockNames(int index) {
        return VISION_BLOCK.stream()
                .map(name -> "visual.blocks." + index + "." + name)
                .toList();
    }

    static List<String> visionMergerNames() {
        return VISION_MERGER.stream().map(name -> "visual.merger." + name).toList();
    }

    private NDArray[][] blocks(String prefix, int count, List<String> names) {
        NDArray[][] blocks = new NDArray[count][];
        for (int i = 0; i < count; i++) {
            blocks[i] = group(prefix + i + ".", names);
        }
        return blocks;
    }

    private NDArray[] group(String prefix, List<String> names) {
        return names.stream().map(name -> get(prefix + name)).toArray(NDArray[]::new);
    }
}
