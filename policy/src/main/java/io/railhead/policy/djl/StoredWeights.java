package io.railhead.policy.djl;

import io.railhead.policy.AdapterShape;
import io.railhead.policy.LoraConfig;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.ParameterShape;
import io.railhead.policy.PolicyConfig;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The tensors of a file or a snapshot, matched with what a model needs: each weight once, in its shape, of floats,
/// under its published name; and nothing else.
record StoredWeights(Map<String, NamedTensor> byName) {
    /// @throws IllegalArgumentException if a weight is missing, there twice, unknown, of another shape or of integers
    static StoredWeights of(PolicyConfig config, List<NamedTensor> tensors) {
        Map<String, NamedTensor> given = new HashMap<>();
        for (NamedTensor tensor : tensors) {
            put(given, ParameterShape.canonicalName(tensor.name()), tensor);
        }
        if (config.tieWordEmbeddings()) {
            given.remove("lm_head.weight"); // some files repeat the embedding under this name
        }
        return matched(ParameterShape.of(config), given);
    }

    /// The same for the adapters of a configuration, under the names of `AdapterShape`.
    static StoredWeights ofAdapters(PolicyConfig config, LoraConfig lora, List<NamedTensor> tensors) {
        Map<String, NamedTensor> given = new HashMap<>();
        tensors.forEach(tensor -> put(given, tensor.name(), tensor));
        List<ParameterShape> wanted = AdapterShape.of(config, lora).stream()
                .flatMap(adapter -> Stream.of(adapter.a(), adapter.b()))
                .toList();
        return matched(wanted, given);
    }

    private static void put(Map<String, NamedTensor> given, String name, NamedTensor tensor) {
        if (given.put(name, tensor) != null) {
            throw new IllegalArgumentException("weight " + name + " is there twice");
        }
    }

    private static StoredWeights matched(List<ParameterShape> shapes, Map<String, NamedTensor> given) {
        Map<String, NamedTensor> matched = new LinkedHashMap<>();
        for (ParameterShape wanted : shapes) {
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
        if (!given.isEmpty()) {
            throw new IllegalArgumentException("weights " + given.keySet() + " are not part of the model");
        }
        return new StoredWeights(matched);
    }

    NamedTensor get(String name) {
        NamedTensor tensor = byName.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no weight " + name);
        }
        return tensor;
    }
}
