package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.AdapterShape;
import io.railhead.policy.ComputeType;
import io.railhead.policy.LoraConfig;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.vision.ConvolutionalTower;
import io.railhead.policy.vision.TransformerTower;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// LoRA adapters as native arrays, grouped as the operators take them (see adapters.py).
final class Adapters implements AutoCloseable {
    private static final List<String> DECODER_BLOCK = List.of(
            "self_attn.q_proj.weight",
            "self_attn.k_proj.weight",
            "self_attn.v_proj.weight",
            "self_attn.o_proj.weight",
            "mlp.gate_proj.weight",
            "mlp.up_proj.weight",
            "mlp.down_proj.weight");
    private static final List<String> VISION_BLOCK = List.of(
            "attn.qkv.weight",
            "attn.proj.weight",
            "mlp.gate_proj.weight",
            "mlp.up_proj.weight",
            "mlp.down_proj.weight");

    private final PolicyConfig config;
    private final NamedArrays arrays;
    private final NDArray scale;
    private final NDArray none;
    private final Map<String, AdapterShape> byWeight = new HashMap<>();

    private Adapters(PolicyConfig config, LoraConfig lora, NamedArrays arrays, TensorScope owner) {
        this.config = config;
        this.arrays = arrays;
        this.scale = owner.scalar((float) lora.scale());
        this.none = owner.none();
        for (AdapterShape adapter : AdapterShape.of(config, lora)) {
            byWeight.put(adapter.weight(), adapter);
        }
    }

    /// Adapters that are only read.
    ///
    /// @throws IllegalArgumentException if the tensors are not those of the configuration's adapters
    static Adapters of(
            PolicyConfig config, LoraConfig lora, List<NamedTensor> tensors, ComputeType type, TensorScope owner) {
        StoredWeights stored = StoredWeights.ofAdapters(config, lora, tensors);
        return new Adapters(config, lora, NamedArrays.of(stored, type, owner), owner);
    }

    /// Adapters with masters.
    ///
    /// @param trained by name of the adapter's tensors
    /// @throws IllegalArgumentException if the tensors are not those of the configuration's adapters
    static Adapters inTraining(
            PolicyConfig config,
            LoraConfig lora,
            List<NamedTensor> tensors,
            ComputeType type,
            Predicate<String> trained,
            TensorScope owner) {
        StoredWeights stored = StoredWeights.ofAdapters(config, lora, tensors);
        return new Adapters(config, lora, NamedArrays.inTraining(stored, type, trained, owner), owner);
    }

    NamedArrays arrays() {
        return arrays;
    }

    /// The scale, and A and B of each projection of a layer, empty where there is none.
    NDArray[] decoderBlock(int layer) {
        return block("model.layers." + layer + ".", DECODER_BLOCK, UnaryOperator.identity());
    }

    /// The same for a group of the vision tower's weights; nothing where it has none to adapt.
    NDArray[] visionGroup(int index) {
        return visionGroup(index, UnaryOperator.identity());
    }

    /// The same as `decoderBlock`, each matrix in another form.
    NDArray[] decoderBlock(int layer, UnaryOperator<NDArray> form) {
        return block("model.layers." + layer + ".", DECODER_BLOCK, form);
    }

    NDArray[] visionGroup(int index, UnaryOperator<NDArray> form) {
        return switch (config.vision()) {
            case TransformerTower tower ->
                index == 0 || index > tower.depth()
                        ? new NDArray[0]
                        : block("visual.blocks." + (index - 1) + ".", VISION_BLOCK, form);
            case ConvolutionalTower _ -> new NDArray[0];
        };
    }

    private NDArray[] block(String prefix, List<String> weights, UnaryOperator<NDArray> form) {
        List<NDArray> block = new ArrayList<>();
        block.add(scale);
        for (String weight : weights) {
            AdapterShape adapter = byWeight.get(prefix + weight);
            block.add(adapter == null ? none : form.apply(arrays.get(adapter.a().name())));
            block.add(adapter == null ? none : form.apply(arrays.get(adapter.b().name())));
        }
        return block.toArray(NDArray[]::new);
    }

    @Override
    public void close() {
        arrays.close();
        scale.close();
        none.close();
    }
}
