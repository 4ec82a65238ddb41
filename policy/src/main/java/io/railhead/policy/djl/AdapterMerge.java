package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.AdapterDirectory;
import io.railhead.policy.AdapterShape;
import io.railhead.policy.ComputeType;
import io.railhead.policy.InvalidModelException;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.ParameterShape;
import io.railhead.policy.SafetensorsShards;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Makes a model folder with adapters one without: each weight becomes `W + (alpha / rank) * B A`, computed in 32
/// bits and rounded to the type that it was stored in.
public final class AdapterMerge {
    private final TensorScope owner;
    private final AdapterDirectory adapters;
    private final Map<String, AdapterShape> byWeight = new HashMap<>();
    private final Map<String, NamedTensor> tensors = new HashMap<>();

    private AdapterMerge(ModelDirectory model, AdapterDirectory adapters, TensorScope owner) {
        this.owner = owner;
        this.adapters = adapters;
        for (AdapterShape adapter : AdapterShape.of(model.config(), adapters.lora())) {
            byWeight.put(adapter.weight(), adapter);
        }
        for (NamedTensor tensor : adapters.tensors()) {
            tensors.put(tensor.name(), tensor);
        }
    }

    /// Writes the merged model into an existing folder. Tensors keep their names and types.
    ///
    /// @throws InvalidModelException if the model has no adapters, or anything of it is damaged
    public static void write(ModelDirectory model, Path target) throws IOException {
        AdapterDirectory adapters =
                model.adapters().orElseThrow(() -> new InvalidModelException(model.path(), "has no adapters to merge"));
        NativeSelfTest.ensurePassed(ComputeOptions.DEFAULT);
        model.copyCompanions(target);
        try (TensorScope owner = TensorScope.ofThisThread()) {
            AdapterMerge merge = new AdapterMerge(model, adapters, owner);
            SafetensorsShards.write(target, model.weights(), merge::merged, SafetensorsShards.USUAL_BYTES);
        }
    }

    private NamedTensor merged(NamedTensor weight) {
        AdapterShape adapter = byWeight.get(ParameterShape.canonicalName(weight.name()));
        if (adapter == null) {
            return weight;
        }
        NamedTensor source = weight.data().isNative() ? weight : weight.copied();
        try (TensorScope scope = TensorScope.within(owner)) {
            NDArray sum = scope.call(
                    "merged",
                    TensorMemory.shared(scope, source),
                    matrix(scope, adapter.a()),
                    matrix(scope, adapter.b()),
                    adapters.lora().scale());
            return TensorMemory.read(scope, weight.name(), sum, weight.type());
        } finally {
            Reference.reachabilityFence(source);
        }
    }

    private NDArray matrix(TensorScope scope, ParameterShape shape) {
        NamedTensor tensor = tensors.get(shape.name());
        if (tensor == null) {
            throw new IllegalStateException("no adapter " + shape.name());
        }
        return TensorMemory.copy(scope, tensor, ComputeType.FLOAT32);
    }
}
