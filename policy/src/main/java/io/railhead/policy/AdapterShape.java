package io.railhead.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The low-rank adapter of one projection: names and shapes of its matrices, A `[rank][in]` and B `[out][rank]`, as
/// PEFT's files have them.
///
/// @param weight the published name of the matrix that it adapts
public record AdapterShape(String weight, ParameterShape a, ParameterShape b) {
    private static final String PREFIX = "base_model.model.";
    private static final String SUFFIX = ".weight";

    /// The adapters of a model in the order of computation.
    ///
    /// @throws IllegalArgumentException if a target is the name of no projection of the model
    public static List<AdapterShape> of(PolicyConfig config, LoraConfig lora) {
        List<AdapterShape> adapters = new ArrayList<>();
        Set<String> unknown = new HashSet<>(lora.targets());
        Set<String> projections = new HashSet<>();
        for (ParameterShape weight : ParameterShape.of(config)) {
            if (isProjection(weight)) {
                String target = lastPart(weight.name());
                projections.add(target);
                unknown.remove(target);
                if (lora.targets().contains(target)) {
                    adapters.add(of(weight, lora.rank()));
                }
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("LoRA targets %s are no projections; those of the model are %s"
                    .formatted(
                            unknown.stream().sorted().toList(),
                            projections.stream().sorted().toList()));
        }
        return List.copyOf(adapters);
    }

    /// The last part of a projection's name, by which targets name it: `q_proj` of
    /// `model.layers.0.self_attn.q_proj.weight`.
    static String lastPart(String weight) {
        String module = weight.substring(0, weight.length() - SUFFIX.length());
        return module.substring(module.lastIndexOf('.') + 1);
    }

    /// The name that `of` gives to a tensor of an adapter file, whichever of the layouts it is named by; other names
    /// stay as they are.
    static String canonicalName(String name) {
        return name.startsWith(PREFIX)
                ? PREFIX + nested(ParameterShape.canonicalName(name.substring(PREFIX.length())))
                : name;
    }

    static boolean isProjection(ParameterShape weight) {
        boolean inBlock =
                weight.name().startsWith("model.layers.") || weight.name().startsWith("visual.blocks.");
        return inBlock && weight.shape().size() == 2;
    }

    private static AdapterShape of(ParameterShape weight, long rank) {
        String module = PREFIX + nested(weight.name().substring(0, weight.name().length() - SUFFIX.length()));
        return new AdapterShape(
                weight.name(),
                new ParameterShape(
                        module + ".lora_A" + SUFFIX,
                        List.of(rank, weight.shape().get(1))),
                new ParameterShape(
                        module + ".lora_B" + SUFFIX, List.of(weight.shape().get(0), rank)));
    }

    /// As transformers names the modules of the model when it is loaded.
    private static String nested(String canonical) {
        return canonical.startsWith("model.")
                ? "model.language_model." + canonical.substring("model.".length())
                : "model." + canonical;
    }
}
