package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.ComputeType;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.ParameterShape;
import io.railhead.policy.PolicyConfig;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
    private final PolicyConfig config;
    private final NamedArrays arrays;
    private final NDArray[][] decoderBlocks;
    private final NDArray[][] visionGroups;

    private Weights(PolicyConfig config, NamedArrays arrays, NDArray[][] decoderBlocks, NDArray[][] visionGroups) {
        this.config = config;
        this.arrays = arrays;
        this.decoderBlocks = decoderBlocks;
        this.visionGroups = visionGroups;
    }

    private static Weights grouped(PolicyConfig config, NamedArrays arrays) {
        return new Weights(
                config,
                arrays,
                IntStream.range(0, config.text().layers())
                        .mapToObj(i -> group(arrays, names("model.layers." + i + ".", DECODER_BLOCK)))
                        .toArray(NDArray[][]::new),
                visionGroups(config).map(names -> group(arrays, names)).toArray(NDArray[][]::new));
    }

    /// Weights with memory of their own, to be changed.
    ///
    /// @param owner frees the arrays when it closes, if `close` has not done so before
    /// @throws IllegalArgumentException if a weight is missing, unknown or of another shape
    static Weights of(PolicyConfig config, List<NamedTensor> tensors, ComputeType type, TensorScope owner) {
        return grouped(config, NamedArrays.of(StoredWeights.of(config, tensors), type, owner));
    }

    /// Weights some of which are trained.
    ///
    /// @throws IllegalArgumentException if a weight is missing, unknown or of another shape
    static Weights inTraining(
            PolicyConfig config,
            List<NamedTensor> tensors,
            ComputeType type,
            Predicate<String> trained,
            TensorScope owner) {
        return grouped(config, NamedArrays.inTraining(StoredWeights.of(config, tensors), type, trained, owner));
    }

    /// Weights that are only read: on the tensors' own memory where it is as the passes need it, else on copies.
    ///
    /// @throws IllegalArgumentException if a weight is missing, unknown or of another shape
    static Weights sharing(PolicyConfig config, List<NamedTensor> tensors, ComputeType type, TensorScope owner) {
        return grouped(config, NamedArrays.sharing(StoredWeights.of(config, tensors), type, owner));
    }

    /// The same arrays with adapters beside the projections. Closing either closes the arrays of both.
    Weights with(Adapters adapters) {
        return new Weights(
                config,
                arrays,
                IntStream.range(0, decoderBlocks.length)
                        .mapToObj(i -> joined(decoderBlocks[i], adapters.decoderBlock(i)))
                        .toArray(NDArray[][]::new),
                IntStream.range(0, visionGroups.length)
                        .mapToObj(i -> joined(visionGroups[i], adapters.visionGroup(i)))
                        .toArray(NDArray[][]::new));
    }

    /// An independent copy of these weights, without adapters.
    Weights copy(TensorScope owner) {
        return grouped(config, arrays.copy(owner));
    }

    /// What passes with these weights compute in.
    ComputeType type() {
        return arrays.type();
    }

    NamedArrays arrays() {
        return arrays;
    }

    NDArray get(String name) {
        return arrays.get(name);
    }

    NDArray[] decoderBlock(int index) {
        return decoderBlocks[index];
    }

    @Override
    public NDArray[] visionGroup(int index) {
        return visionGroups[index];
    }

    NDArray embedding() {
        return get("model.embed_tokens.weight");
    }

    NDArray lastNorm() {
        return get("model.norm.weight");
    }

    NDArray head() {
        return get(config.tieWordEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight");
    }

    @Override
    public void close() {
        arrays.close();
    }

    /// Names of the vision tower's weights by group.
    static Stream<List<String>> visionGroups(PolicyConfig config) {
        return config.vision().groups().stream()
                .map(group -> group.stream()
                        .map(weight -> ParameterShape.VISION + weight.name())
                        .toList());
    }

    private static List<String> names(String prefix, List<String> names) {
        return names.stream().map(name -> prefix + name).toList();
    }

    private static NDArray[] group(NamedArrays arrays, List<String> names) {
        return names.stream().map(arrays::get).toArray(NDArray[]::new);
    }

    private static NDArray[] joined(NDArray[] first, NDArray[] second) {
        return Stream.of(first, second).flatMap(Stream::of).toArray(NDArray[]::new);
    }
}
