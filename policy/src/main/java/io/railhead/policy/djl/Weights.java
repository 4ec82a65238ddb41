package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.NamedTensor.ElementType;
import io.railhead.policy.ParameterShape;
import io.railhead.policy.PolicyConfig;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The weights of one policy as 32-bit arrays, by name and grouped as the operators take them.
final class Weights {
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

    private final Map<String, NDArray> byName;
    private final NDArray[][] decoderBlocks;
    private final NDArray[][] visionBlocks;
    private final NDArray[] visionMerger;

    private Weights(PolicyConfig config, Map<String, NDArray> byName) {
        this.byName = byName;
        this.decoderBlocks = blocks("model.layers.", config.text().layers(), DECODER_BLOCK);
        this.visionBlocks = blocks("visual.blocks.", config.vision().depth(), VISION_BLOCK);
        this.visionMerger = group("visual.merger.", VISION_MERGER);
    }

    /// @param owner frees the arrays when it closes
    /// @throws IllegalArgumentException if a weight is missing, unknown or of another shape
    static Weights of(PolicyConfig config, List<NamedTensor> tensors, TensorScope owner) {
        Map<String, NamedTensor> matched = matched(config, tensors);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        try (TensorScope scope = TensorScope.within(owner.manager())) {
            matched.forEach((name, tensor) -> arrays.put(name, owner.call("copy_of", float32(scope, tensor))));
        }
        return new Weights(config, arrays);
    }

    /// An independent copy of these weights.
    Weights copy(PolicyConfig config, TensorScope owner) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        byName.forEach((name, array) -> arrays.put(name, owner.call("copy_of", array)));
        return new Weights(config, arrays);
    }

    /// Replaces all values in place, or, if anything does not fit, none.
    ///
    /// @throws IllegalArgumentException if a weight is missing, unknown or of another shape
    void assign(PolicyConfig config, List<NamedTensor> tensors, TensorScope scope) {
        replacement(config, tensors, scope).run();
    }

    /// Checks the tensors, and returns what then replaces all values in place.
    ///
    /// @throws IllegalArgumentException if a weight is missing, unknown or of another shape
    Runnable replacement(PolicyConfig config, List<NamedTensor> tensors, TensorScope scope) {
        Map<String, NamedTensor> matched = matched(config, tensors);
        return () -> matched.forEach((name, tensor) -> scope.run("assign", get(name), float32(scope, tensor)));
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

    NDArray[] visionBlock(int index) {
        return visionBlocks[index];
    }

    NDArray[] visionMerger() {
        return visionMerger;
    }

    NDArray patchEmbedding() {
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
        byName.forEach((name, array) -> tensors.add(tensor(name, array)));
        return List.copyOf(tensors);
    }

    static NamedTensor tensor(String name, NDArray array) {
        List<Long> shape = new ArrayList<>();
        for (long size : array.getShape().getShape()) {
            shape.add(size);
        }
        return new NamedTensor(name, ElementType.F32, shape, MemorySegment.ofBuffer(array.toByteBuffer()));
    }

    /// The tensor's values as a 32-bit array, which may share the tensor's memory.
    static NDArray float32(TensorScope scope, NamedTensor tensor) {
        Shape shape =
                new Shape(tensor.shape().stream().mapToLong(Long::longValue).toArray());
        ByteBuffer data = tensor.data().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        return switch (tensor.type()) {
            case F32 -> scope.manager().create(data, shape, DataType.FLOAT32);
            case F16 -> scope.call("to_float32", scope.manager().create(data, shape, DataType.FLOAT16));
            case BF16 -> scope.call("bfloat16_bytes_to_float32", scope.manager().create(data, shape, DataType.FLOAT16));
            case I64, I32, U8 ->
                throw new IllegalArgumentException(
                        "weight %s has integers (%s)".formatted(tensor.name(), tensor.type()));
        };
    }

    private static Map<String, NamedTensor> matched(PolicyConfig config, List<NamedTensor> tensors) {
        Map<String, NamedTensor> given = new HashMap<>();
        for (NamedTensor tensor : tensors) {
            given.put(ParameterShape.canonicalName(tensor.name()), tensor);
        }
        Map<String, NamedTensor> matched = new LinkedHashMap<>();
        for (ParameterShape wanted : ParameterShape.of(config)) {
            NamedTensor tensor = given.remove(wanted.name());
            if (tensor == null) {
                throw new IllegalArgumentException("weight " + wanted.name() + " is missing");
            }
            if (!tensor.shape().equals(wanted.shape())) {
                throw new IllegalArgumentException("weight %s has shape %s instead of %s"
                        .formatted(wanted.name(), tensor.shape(), wanted.shape()));
            }
            switch (tensor.type()) {
                case F32, F16, BF16 -> matched.put(wanted.name(), tensor);
                case I64, I32, U8 ->
                    throw new IllegalArgumentException(
                            "weight %s has integers (%s)".formatted(wanted.name(), tensor.type()));
            }
        }
        if (config.tieWordEmbeddings()) {
            given.remove("lm_head.weight"); // some files repeat the embedding under this name
        }
        if (!given.isEmpty()) {
            throw new IllegalArgumentException("weights " + given.keySet() + " are not part of the model");
        }
        return matched;
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
